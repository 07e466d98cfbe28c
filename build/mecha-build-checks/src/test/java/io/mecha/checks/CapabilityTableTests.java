// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class CapabilityTableTests {

    private final CapabilityTable table = new CapabilityTable(Path.of("."), CapabilityTable.Kind.STATE);

    @Test
    void describesABackend() {
        Properties report = new Properties();
        report.setProperty("capabilities", "KeyScan,Transactions");
        report.setProperty("limit.transaction-operations", "1000");
        report.setProperty("limit.value-size", "2147483647");
        report.setProperty("scan.ordered", "false");
        report.setProperty(
                "test.Faults.failsInTime", "aborted: not applicable: server faults cannot be simulated here");
        report.setProperty("test.Notifying.tells", "aborted: not applicable: backend offers no ChangeNotifications");
        report.setProperty("test.Values.keepsEmptyValues", "passed");

        assertThat(table.row("some", report))
                .isEqualTo("| `some` | 1,000 operations | no | any order | no | no | no limit | faults |");
    }

    @Test
    void describesABackendOfBindings() {
        Properties report = new Properties();
        report.setProperty("capabilities", "Delay,Inbound,KeyOrder,Outbound");
        report.setProperty("limit.active-members", "1");
        report.setProperty("limit.delay", "PT48H");
        report.setProperty("limit.body-size", "1000");

        assertThat(new CapabilityTable(Path.of("."), CapabilityTable.Kind.BINDINGS).row("some", report))
                .isEqualTo("| `some` | yes | yes | no | one node | 2 days | no | no | no | no | no | 1,000 bytes |  |");
    }

    @Test
    void tellsTheReportsOfOneKindFromThoseOfTheOther() {
        assertThat(CapabilityTable.Kind.BINDINGS.backend(Path.of("bindings-jdbc-h2.properties")))
                .contains("jdbc-h2");
        assertThat(CapabilityTable.Kind.STATE.backend(Path.of("bindings-jdbc-h2.properties")))
                .isEmpty();
        assertThat(CapabilityTable.Kind.STATE.backend(Path.of("memory.properties")))
                .contains("memory");
        assertThat(CapabilityTable.Kind.BINDINGS.backend(Path.of("memory.properties")))
                .isEmpty();
    }

    @Test
    void replacesRowsThatWereMeasuredAndKeepsTheOthers() {
        String page =
                "before\n<!-- capabilities -->\n| `old` | kept |\n| `same` | wrong |\n<!-- /capabilities -->\nafter\n";

        String rendered = table.render(page, Map.of("same", "| `same` | right |", "new", "| `new` | added |"));

        assertThat(rendered)
                .startsWith("before\n<!-- capabilities -->\n| backend |")
                .contains("| `new` | added |\n| `old` | kept |\n| `same` | right |\n<!-- /capabilities -->\nafter\n");
        assertThat(CapabilityTable.documented(rendered)).containsOnlyKeys("new", "old", "same");
    }
}
