// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.Bindings;
import io.mecha.test.binding.EngineSetup;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;

/** The same, with the protocol of older brokers. */
@Order(2)
class KafkaClassicBackendIT extends KafkaContract {

    private static Nodes nodes;

    @BeforeAll
    static void start() {
        nodes = Nodes.start();
    }

    @AfterAll
    static void stop() {
        nodes.close();
    }

    @Override
    Nodes nodes() {
        return nodes;
    }

    @Override
    GroupProtocol protocol() {
        return GroupProtocol.CLASSIC;
    }

    @Override
    protected String adapter() {
        return "kafka-classic";
    }

    /** Leave the engine out: to it the protocols are the same, and a minute is a minute. */
    @Override
    protected Optional<Bindings> engine(EngineSetup setup) {
        return Optional.empty();
    }
}
