// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PropertyTableTests {

    record Sample(String plainText, Map<String, Part> parts) {}

    record Part(Duration timeToLive) {}

    @Test
    void namesNestedProperties() {
        Set<String> properties = new TreeSet<>();

        PropertyTable.add("mecha.sample", Sample.class, properties);

        assertThat(properties).containsExactly("mecha.sample.parts.<name>.time-to-live", "mecha.sample.plain-text");
    }

    @Test
    void findsTheRowsOfAPage() {
        String page = "| property | default |\n| `mecha.one` | 1 |\ntext `mecha.two`\n";

        assertThat(PropertyTable.documented(page)).containsExactly("mecha.one");
    }

    @Test
    void findsDefaultsThatAreWords() {
        String page = """
                | `mecha.one` | `1` | One |
                | `mecha.two` | — | Two |
                | `mecha.three` | the only one | Three |
                | `mecha.four` | `a`, or `b` | Four |
                """;

        assertThat(PropertyTable.wordyDefaults(page)).containsExactly("mecha.three");
    }
}
