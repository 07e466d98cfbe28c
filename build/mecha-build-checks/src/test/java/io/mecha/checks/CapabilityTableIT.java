// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The capability tables in the docs, after the contract has run on every backend. */
class CapabilityTableIT {

    @ParameterizedTest
    @EnumSource
    void saysWhatTheContractFound(CapabilityTable.Kind kind) throws IOException {
        CapabilityTable table = new CapabilityTable(House.root(), kind);
        String page = House.read(House.root().resolve(kind.page));

        Map<String, String> expected = new TreeMap<>(table.measured());
        if (!"true".equals(System.getenv("MECHA_CI"))) {
            CapabilityTable.documented(page).forEach(expected::putIfAbsent); // its server may be absent here
        }

        assertThat(CapabilityTable.documented(page))
                .as("run `java build/mecha-build-checks/src/test/java/io/mecha/checks/CapabilityTable.java`")
                .isEqualTo(expected);
    }
}
