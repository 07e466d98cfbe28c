// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an IDE knows of the properties, beside what the pages say. */
class MetadataTests {

    private static final Pattern ROW = Pattern.compile("^\\| `(mecha\\.[a-z.-]+)` \\| (.*?) \\| .* \\|$");
    private static final Pattern TYPE = Pattern.compile("^## `([a-z]+)`$");
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

    @ParameterizedTest
    @CsvSource({
        "docs/bindings-types.md, mecha.bindings.default-type, mecha.bindings.channels, http timer",
        "docs/state-types.md, mecha.state.default-type, mecha.state.stores, ''"
    })
    void suggestsEveryTypeWhereAnIdeCan(String page, String defaultType, String components, String neverDefault) {
        Set<String> types = House.read(House.root().resolve(page))
                .lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .map(type -> type.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> hinted = new TreeSet<>(List.of(neverDefault.split(" ")));
        hints(defaultType).forEach(hinted::add);
        hinted.removeAll(List.of("none", ""));

        assertThat(hinted).isEqualTo(types);
        assertThat(property(components).get("type").asString())
                .as("the record that an IDE follows below a name")
                .matches("java\\.util\\.Map<java\\.lang\\.String,io\\.mecha\\..*Properties\\$(Channel|Store)>");
        assertThat(House.read(House.root().resolve(page.replace("types", "settings")))
                        .lines()
                        .filter(line -> line.startsWith("| `" + components + ".<name>.type` |")))
                .singleElement(InstanceOfAssertFactories.STRING)
                .as("the list of types beside the property of a component")
                .contains(types.stream().map(type -> "`" + type + "`").toList());
    }

    @Test
    void knowsTheOptionsOfEveryTypeAsAGroup() {
        Set<String> groups = metadata()
                .flatMap(metadata -> metadata.get("groups").valueStream())
                .map(group -> group.get("name").asString())
                .collect(Collectors.toSet());

        assertThat(groups)
                .contains("mecha.bindings.memory", "mecha.bindings.kafka", "mecha.bindings.rabbitmq")
                .contains("mecha.bindings.jdbc", "mecha.bindings.http", "mecha.bindings.timer")
                .contains("mecha.state.memory", "mecha.state.embedded", "mecha.state.jdbc", "mecha.state.redis");
    }

    private static Stream<String> hints(String property) {
        return metadata()
                .filter(metadata -> metadata.has("hints"))
                .flatMap(metadata -> metadata.get("hints").valueStream())
                .filter(hint -> hint.get("name").asString().equals(property))
                .flatMap(hint -> hint.get("values").valueStream())
                .map(value -> value.get("value").asString());
    }

    private static JsonNode property(String name) {
        return metadata()
                .flatMap(metadata -> metadata.get("properties").valueStream())
                .filter(property -> property.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<JsonNode> metadata() {
        return House.standing().published().stream()
                .map(module -> module.classes().resolve("META-INF/spring-configuration-metadata.json"))
                .filter(Files::exists)
                .map(file -> new JsonMapper().readTree(House.read(file)));
    }

    /** Returns the default of each property that an IDE is told of; empty if there is none. */
    private static Map<String, String> known() {
        Map<String, String> known = new TreeMap<>();
        metadata().flatMap(metadata -> metadata.get("properties").valueStream()).forEach(property -> {
            JsonNode value = property.get("defaultValue");
            known.put(property.get("name").asString(), value == null ? "" : value.asString());
        });
        return known;
    }
}
