// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * The places where properties are set.
 *
 * @since 1.0
 */
public final class PropertyOrigins {

    private PropertyOrigins() {}

    /**
     * Find where a property is set, or else the first one below it in the order of their names.
     *
     * @param environment where to look
     * @param property name of the property, or any text
     * @return the file and line, or what else is known; {@code null} if it is not set or not a property
     */
    public static @Nullable Origin find(Environment environment, String property) {
        if (!ConfigurationPropertyName.isValid(property)) {
            return null;
        }
        ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
        List<ConfigurationPropertySource> sources = new ArrayList<>();
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        return Stream.concat(
                        Stream.of(name),
                        Namespace.names(sources.stream())
                                .filter(name::isAncestorOf)
                                .sorted())
                .flatMap((candidate) -> sources.stream().map((source) -> source.getConfigurationProperty(candidate)))
                .filter(Objects::nonNull)
                .map(Origin::from)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
