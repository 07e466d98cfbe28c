// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The help that an IDE shows. Also writes {@code target/properties-state.md}, the table of all properties, for the user
 * guide: metadata cannot describe what is below the name of a store, so that part is read from the Javadoc.
 */
class StateMetadataTests {

    private static final Path SOURCE = Path.of("src/main/java/io/mecha/state/autoconfigure/StateProperties.java");
    private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) ([^@]+?)\\s+\\*(?=/|\\s*@)");

    @Test
    void describesEveryProperty() {
        assertThat(metadata())
                .containsKeys(
                        "mecha.data-directory",
                        "mecha.health.timeout",
                        "mecha.state.enabled",
                        "mecha.state.default-type",
                        "mecha.state.key-prefix",
                        "mecha.state.stores",
                        "management.health.mecha.enabled");
        assertThat(metadata()).allSatisfy((name, property) -> {
            String description = property.path("description").asString("");
            assertThat(description).as(name).endsWith(".").doesNotContain("{@").hasSizeGreaterThan(15);
        });
    }

    @Test
    void hintsAtValues() {
        JsonNode hints = root().get("hints");

        assertThat(hints.valueStream().map((hint) -> hint.get("name").asString()))
                .contains("mecha.state.default-type", "mecha.state.key-prefix");
    }

    @Test
    void describesEverySettingOfAStore() throws IOException {
        Map<String, String> table = new TreeMap<>();
        metadata()
                .forEach((name, property) -> table.put(
                        name,
                        row(
                                name,
                                property.path("defaultValue").asString(""),
                                property.path("description").asString(""))));
        table.remove("mecha.state.stores");
        describe("mecha.state.stores.<name>", StateProperties.Store.class, table);

        assertThat(table)
                .containsKeys(
                        "mecha.state.stores.<name>.type",
                        "mecha.state.stores.<name>.near-cache.maximum-size",
                        "mecha.state.stores.<name>.encryption.previous-keys",
                        "mecha.state.stores.<name>.health.enabled");
        Files.writeString(
                Path.of("target/properties-state.md"),
                "| property | default | meaning |\n| --- | --- | --- |\n" + String.join("", table.values()));
    }

    private static void describe(String prefix, Class<?> type, Map<String, String> table) {
        Map<String, String> descriptions = javadoc(type);
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
            if (component.getType().isRecord()) {
                describe(name, component.getType(), table);
                continue;
            }
            assertThat(descriptions.get(component.getName()))
                    .as(name)
                    .isNotNull()
                    .endsWith(".");
            table.put(name, row(name, defaultValue(type, component.getName()), descriptions.get(component.getName())));
        }
    }

    private static String defaultValue(Class<?> type, String name) {
        for (var parameter : type.getDeclaredConstructors()[0].getParameters()) {
            DefaultValue value = parameter.getAnnotation(DefaultValue.class);
            if (parameter.getName().equals(name) && value != null) {
                return String.join(",", value.value());
            }
        }
        return "";
    }

    private static Map<String, String> javadoc(Class<?> type) {
        String source = read();
        int end = source.indexOf("record " + type.getSimpleName() + "(");
        Matcher matcher = PARAMETER.matcher(source.substring(source.lastIndexOf("/**", end), end));
        Map<String, String> descriptions = new LinkedHashMap<>();
        while (matcher.find()) {
            descriptions.put(matcher.group(1), matcher.group(2).replaceAll("\\s+\\*\\s+", " "));
        }
        return descriptions;
    }

    private static String read() {
        try {
            return Files.readString(SOURCE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String row(String name, String defaultValue, String description) {
        return "| `%s` | %s | %s |%n"
                .formatted(name, defaultValue.isEmpty() ? "" : "`" + defaultValue + "`", description);
    }

    private static Map<String, JsonNode> metadata() {
        Map<String, JsonNode> properties = new TreeMap<>();
        root().get("properties")
                .forEach((property) -> properties.put(property.get("name").asString(), property));
        return properties;
    }

    private static JsonNode root() {
        try (InputStream metadata =
                StateProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared().readTree(metadata);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
