// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The help that an IDE shows, as a table for the user guide: metadata cannot describe what is below the name of a component, so that
 * part is read from the Javadoc.
 */
public final class Metadata {

    private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) ([^@]+?)\\s+\\*(?=/|\\s*@)");

    private final String prefix;

    /** Reads the metadata of one primitive. */
    public Metadata(String prefix) {
        this.prefix = prefix;
    }

    /** Returns a row for each property, by name; the settings of a component are below {@code <name>}. */
    public Map<String, String> table(String map, Class<?> component) {
        Map<String, String> table = new TreeMap<>();
        properties(prefix)
                .forEach((name, property) -> table.put(
                        name,
                        row(
                                name,
                                property.path("defaultValue").asString(""),
                                property.path("description").asString(""))));
        table.remove(prefix + "." + map);
        describe("%s.%s.<name>".formatted(prefix, map), component, table);
        return table;
    }

    /** Writes a table. */
    public static void write(String file, Map<String, String> table) {
        try {
            Files.writeString(
                    Path.of("target", file),
                    "| property | default | meaning |\n| --- | --- | --- |\n" + String.join("", table.values()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
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
        String source = read(type);
        int end = source.indexOf("record " + type.getSimpleName() + "(");
        Matcher matcher = PARAMETER.matcher(source.substring(source.lastIndexOf("/**", end), end));
        Map<String, String> descriptions = new LinkedHashMap<>();
        while (matcher.find()) {
            descriptions.put(matcher.group(1), matcher.group(2).replaceAll("\\s+\\*\\s+", " "));
        }
        return descriptions;
    }

    private static String read(Class<?> type) {
        try {
            return Files.readString(Path.of("src/main/java/%s.java"
                    .formatted(type.getNestHost().getName().replace('.', '/'))));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String row(String name, String defaultValue, String description) {
        return "| `%s` | %s | %s |%n"
                .formatted(name, defaultValue.isEmpty() ? "" : "`" + defaultValue + "`", description);
    }

    /** Returns the properties whose names begin with a text. */
    public static Map<String, JsonNode> properties(String prefix) {
        Map<String, JsonNode> properties = new TreeMap<>();
        root().get("properties").forEach((property) -> {
            String name = property.get("name").asString();
            if (name.startsWith(prefix)) {
                properties.put(name, property);
            }
        });
        return properties;
    }

    /** Returns the names of properties whose values have hints. */
    public static List<String> hints() {
        return root().get("hints")
                .valueStream()
                .map((hint) -> hint.get("name").asString())
                .toList();
    }

    private static JsonNode root() {
        // Not from the class path, where tests with properties of their own have metadata, too.
        Path file = Path.of("target/classes/META-INF/spring-configuration-metadata.json");
        try (InputStream metadata = Files.newInputStream(file)) {
            return JsonMapper.shared().readTree(metadata);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
