// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Every property that a record binds has a row in the docs, and every row a record. */
final class PropertyTable {

    private static final String ANNOTATION = "org.springframework.boot.context.properties.ConfigurationProperties";
    private static final Pattern DEFAULT = Pattern.compile("(?m)^\\| `(mecha\\.[^`]+)` \\| (.*?) \\|");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(mecha\\.[^`]+)` \\|");

    /** The pages that list the properties. */
    static final List<String> PAGES =
            List.of("docs/state-settings.md", "docs/bindings-settings.md", "docs/lifecycle.md", "docs/coordination.md");

    private PropertyTable() {}

    /** Return what the records of all modules bind; the key of a map is {@code <name>}. */
    static Set<String> bound(House house) {
        Set<String> properties = new TreeSet<>();
        for (JavaClass type : house.main()) {
            if (type.isAnnotatedWith(ANNOTATION) && house.owner(type).startsWith("mecha-")) {
                Map<String, Object> attributes =
                        type.getAnnotationOfType(ANNOTATION).getProperties();
                add(attributes.get("value").toString(), type.reflect(), properties);
            }
        }
        return properties;
    }

    static void add(String prefix, Class<?> type, Set<String> properties) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "." + kebab(component.getName());
            Type nested = component.getGenericType();
            if (nested instanceof ParameterizedType map && map.getRawType() == Map.class) {
                name += ".<name>";
                nested = map.getActualTypeArguments()[1];
            }
            if (nested instanceof Class<?> record && record.isRecord()) {
                add(name, record, properties);
            } else {
                properties.add(name);
            }
        }
    }

    static Set<String> documented(String page) {
        return new TreeSet<>(ROW.matcher(page)
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList());
    }

    /** Return the properties whose default is described, instead of being a value in backticks, or a dash for none. */
    static List<String> wordyDefaults(String page) {
        return DEFAULT.matcher(page)
                .results()
                .filter(row -> !row.group(2).equals("—") && !row.group(2).startsWith("`"))
                .map(row -> row.group(1))
                .toList();
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
