// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;

/** Begins first, because it takes longest. */
@Order(1)
class KafkaBackendIT extends KafkaContract {

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
        return GroupProtocol.AUTO;
    }

    @Override
    protected String adapter() {
        return "kafka";
    }
}
