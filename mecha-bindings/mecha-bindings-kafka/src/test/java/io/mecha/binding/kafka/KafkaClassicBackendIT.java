// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

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
}
