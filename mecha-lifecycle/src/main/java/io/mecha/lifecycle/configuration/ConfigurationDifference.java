// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/** A comparison of the values that are in force in two environments, with placeholders replaced. */
final class ConfigurationDifference {

    private static final String PLACEHOLDER = "${";
    private static final String RANDOM = "${random.";

    private ConfigurationDifference() {}

    /**
     * Compares two environments.
     *
     * @param names of all properties that may differ
     * @return the names of those that differ
     */
    static Set<String> between(
            ConfigurableEnvironment one, ConfigurableEnvironment other, Set<ConfigurationPropertyName> names) {
        Set<String> different = new TreeSet<>();
        for (ConfigurationPropertyName name : names) {
            String before = written(one, name);
            String after = written(other, name);
            if (!Objects.equals(before, after) || !Objects.equals(resolved(one, before), resolved(other, after))) {
                different.add(name.toString());
            }
        }
        return different;
    }

    /** Adds the names of all properties of a source. */
    static void addNames(PropertySource<?> source, Set<ConfigurationPropertyName> names) {
        ConfigurationPropertySource adapted = ConfigurationPropertySource.from(source);
        if (adapted instanceof IterableConfigurationPropertySource known) {
            known.forEach(names::add);
        }
    }

    private static @Nullable String written(ConfigurableEnvironment environment, ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty property = source.getConfigurationProperty(name);
            if (property != null) {
                return String.valueOf(property.getValue());
            }
        }
        return null;
    }

    /** Replaces placeholders; chance differs each time and is no change. */
    private static @Nullable String resolved(ConfigurableEnvironment environment, @Nullable String text) {
        return text == null || !text.contains(PLACEHOLDER) || text.contains(RANDOM)
                ? text
                : environment.resolvePlaceholders(text);
    }
}
