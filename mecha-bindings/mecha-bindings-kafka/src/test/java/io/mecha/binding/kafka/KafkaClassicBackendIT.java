// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.Bindings;
import io.mecha.test.binding.EngineSetup;
import java.util.Optional;

/** The same, with the protocol of older brokers. */
class KafkaClassicBackendIT extends KafkaBackendIT {

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
