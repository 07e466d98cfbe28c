// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The capability table in the docs, after the contract has run on every backend. */
class CapabilityTableIT {

    @Test
    void saysWhatTheContractFound() throws IOException {
        CapabilityTable table = new CapabilityTable(House.root());
        String page = House.read(House.root().resolve(CapabilityTable.PAGE));

        Map<String, String> expected = new TreeMap<>(table.measured());
        if (!"true".equals(System.getenv("MECHA_CI"))) {
            CapabilityTable.documented(page).forEach(expected::putIfAbsent); // its server may be absent here
        }

        assertThat(CapabilityTable.documented(page))
                .as("run `java build/mecha-build-checks/src/test/java/io/mecha/checks/CapabilityTable.java`")
                .isEqualTo(expected);
    }
}
