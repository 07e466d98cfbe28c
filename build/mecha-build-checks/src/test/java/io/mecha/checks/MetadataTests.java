// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an IDE knows of the properties, beside what the pages say. */
class MetadataTests {

    private static final Pattern ROW = Pattern.compile("^\\| `(mecha\\.[a-z.-]+)` \\| (.*?) \\| .* \\|$");
    private static final Pattern VALUE = Pattern.compile("`([^` <]+)`");

    @Test
    void knowsEveryDocumentedPropertyAndItsDefault() {
        Map<String, String> documented = new TreeMap<>();
        for (String page : PropertyTable.PAGES) {
            House.read(House.root().resolve(page))
                    .lines()
                    .map(ROW::matcher)
                    .filter(Matcher::matches)
                    .forEach(row -> {
                        Matcher value = VALUE.matcher(row.group(2));
                        documented.put(row.group(1), value.matches() ? value.group(1) : "");
                    });
        }

        Map<String, String> known = known();
        known.keySet().retainAll(documented.keySet());

        assertThat(known).isEqualTo(documented);
    }

    /** Returns the default of each property that an IDE is told of; empty if there is none. */
    private static Map<String, String> known() {
        Map<String, String> known = new TreeMap<>();
        for (House.Module module : House.standing().published()) {
            Path metadata = module.classes().resolve("META-INF/spring-configuration-metadata.json");
            if (Files.exists(metadata)) {
                for (JsonNode property :
                        new JsonMapper().readTree(House.read(metadata)).get("properties")) {
                    JsonNode value = property.get("defaultValue");
                    known.put(property.get("name").asString(), value == null ? "" : value.asString());
                }
            }
        }
        return known;
    }
}
