// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyTests {

    @ParameterizedTest
    @CsvSource({"3.10.8,false", "3.13.7,false", "4.0.2,true", "4.2.0-rc.1,true", "12.1,true", "unknown,false"})
    void knowsWhichServersGiveUpWhatWasDeliveredOften(String version, boolean expected) {
        assertThat(Topology.givesUpUnasked(Map.of("version", version))).isEqualTo(expected);
    }

    @Test
    void findsHowLargeAMessageMayBe() {
        assertThat(
                        Topology.maximumSize(
                                "406 PRECONDITION_FAILED - message size 134217729 is larger than configured max size 134217728"))
                .isEqualTo(134_217_728);
        assertThat(Topology.maximumSize("404 NOT_FOUND - no exchange 'orders'")).isEqualTo(Long.MAX_VALUE);
    }
}
