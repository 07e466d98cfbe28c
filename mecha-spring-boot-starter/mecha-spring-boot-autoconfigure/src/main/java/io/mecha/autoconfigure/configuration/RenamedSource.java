// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;

/** A view of another source whose properties below one name stand below another. */
class RenamedSource implements ConfigurationPropertySource {

    /** The real place of a property, and its name there. */
    record Written(ConfigurationPropertyName name, @Nullable Origin origin) implements Origin {}

    private final ConfigurationPropertySource source;
    private final ConfigurationPropertyName from;
    private final ConfigurationPropertyName to;

    private RenamedSource(
            ConfigurationPropertySource source, ConfigurationPropertyName from, ConfigurationPropertyName to) {
        this.source = source;
        this.from = from;
        this.to = to;
    }

    static ConfigurationPropertySource of(
            ConfigurationPropertySource source, ConfigurationPropertyName from, ConfigurationPropertyName to) {
        return source instanceof IterableConfigurationPropertySource iterable
                ? new Listing(iterable, from, to)
                : new RenamedSource(source, from, to);
    }

    @Override
    public @Nullable ConfigurationProperty getConfigurationProperty(@Nullable ConfigurationPropertyName name) {
        if (name == null || !isBelow(to, name)) {
            return null;
        }
        ConfigurationPropertyName written = move(name, to, from);
        ConfigurationProperty found = source.getConfigurationProperty(written);
        return found == null
                ? null
                : new ConfigurationProperty(name, found.getValue(), new Written(written, found.getOrigin()));
    }

    @Override
    public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
        return isBelow(to, name)
                ? source.containsDescendantOf(move(name, to, from))
                : ConfigurationPropertyState.ABSENT;
    }

    private static boolean isBelow(ConfigurationPropertyName root, ConfigurationPropertyName name) {
        return root.equals(name) || root.isAncestorOf(name);
    }

    private static ConfigurationPropertyName move(
            ConfigurationPropertyName name, ConfigurationPropertyName from, ConfigurationPropertyName to) {
        // Through text: subName() and append() trip over each other's offsets.
        String start = name.chop(from.getNumberOfElements()).toString();
        return ConfigurationPropertyName.adapt(to + name.toString().substring(start.length()), '.');
    }

    /** A view that also lists its properties, which maps and lists need. */
    private static final class Listing extends RenamedSource implements IterableConfigurationPropertySource {

        private final IterableConfigurationPropertySource source;
        private final ConfigurationPropertyName from;
        private final ConfigurationPropertyName to;

        Listing(
                IterableConfigurationPropertySource source,
                ConfigurationPropertyName from,
                ConfigurationPropertyName to) {
            super(source, from, to);
            this.source = source;
            this.from = from;
            this.to = to;
        }

        @Override
        public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
            return super.containsDescendantOf(name);
        }

        @Override
        public Stream<ConfigurationPropertyName> stream() {
            return source.stream().filter(from::isAncestorOf).map((name) -> move(name, from, to));
        }
    }
}
