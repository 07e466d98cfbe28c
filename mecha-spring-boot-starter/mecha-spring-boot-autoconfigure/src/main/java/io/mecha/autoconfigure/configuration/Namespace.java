// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import io.mecha.Mistake;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * All keys below {@code mecha}: those that nothing reads are mistakes where one that is read looks like them, or else a warning, since
 * several applications may share a file. What is below a primitive is judged by its {@link ComponentConfiguration}.
 *
 * @since 1.0
 */
public final class Namespace {

    private static final Logger logger = LoggerFactory.getLogger(Namespace.class);
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("mecha");

    /** Primitives, which know by their adapters what is below them. */
    private static final Set<String> PRIMITIVES = Set.of("bindings", "state");

    /** What tests are told by system properties; nothing of an application. */
    private static final String TESTS = "test";

    /** What is there also where the metadata is not, as in a native image. */
    private static final Set<String> ALWAYS = Set.of("bindings", "data-directory", "health", "state");

    private Namespace() {}

    /**
     * Add a mistake for each key that looks like one that is read.
     *
     * @param environment what configures the application
     * @param mistakes takes the mistakes
     */
    static void check(Environment environment, MistakeCollector mistakes) {
        unread(environment).values().stream()
                .filter(Unread::isSlip)
                .forEach((unread) -> mistakes.add(unread.mistake()));
    }

    /**
     * Warn of each key that nothing reads and that looks like no other.
     *
     * @param environment what configures the application
     */
    public static void warn(Environment environment) {
        unread(environment).values().stream()
                .filter((unread) -> !unread.isSlip())
                .forEach((unread) -> {
                    Origin origin =
                            PropertyOrigins.find(environment, unread.key().toString());
                    logger.warn(
                            "Nothing reads {}{}. Known here: {}. Remove it, or add the module that reads it",
                            unread.key(),
                            origin == null ? "" : " (" + origin + ")",
                            String.join(", ", unread.known()));
                });
    }

    private static Map<ConfigurationPropertyName, Unread> unread(Environment environment) {
        Map<ConfigurationPropertyName, Unread> unread = new TreeMap<>();
        List<ConfigurationPropertyName> asked = names(written(ConfigurationPropertySources.get(environment)))
                .filter(ROOT::isAncestorOf)
                .filter((name) -> !isJudgedElsewhere(name))
                .toList();
        if (!asked.isEmpty()) {
            ConfigurationMetadata metadata = ConfigurationMetadata.read();
            asked.forEach((name) -> judge(name, metadata, unread));
        }
        return unread;
    }

    private static boolean isJudgedElsewhere(ConfigurationPropertyName name) {
        String element = KnownKeys.uniform(name, 1);
        return PRIMITIVES.contains(element) || element.equals(TESTS);
    }

    private static void judge(
            ConfigurationPropertyName name,
            ConfigurationMetadata metadata,
            Map<ConfigurationPropertyName, Unread> unread) {
        ConfigurationMetadata known = metadata;
        for (int index = 1; index < name.getNumberOfElements(); index++) {
            ConfigurationMetadata next = known.child(KnownKeys.uniform(name, index));
            if (next == null) {
                Collection<String> keys = new TreeSet<>(known.keys());
                if (index == 1) {
                    keys.addAll(ALWAYS);
                }
                String key = KnownKeys.uniform(name, index);
                if (keys.stream().noneMatch((other) -> KnownKeys.uniform(other).equals(key))) {
                    unread.putIfAbsent(name.chop(index + 1), new Unread(name.chop(index + 1), keys));
                }
                return;
            }
            if (next.isOpen()) {
                return;
            }
            known = next;
        }
    }

    static Stream<ConfigurationPropertyName> names(Stream<ConfigurationPropertySource> sources) {
        return sources.filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap((source) -> ((IterableConfigurationPropertySource) source).stream());
    }

    /** Leaves the environment out, whose names are ambiguous: {@code KEY_PREFIX} may be key-prefix or key.prefix. */
    static Stream<ConfigurationPropertySource> written(Iterable<ConfigurationPropertySource> sources) {
        return StreamSupport.stream(sources.spliterator(), false)
                .filter((source) -> !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource));
    }

    /**
     * A key that nothing reads.
     *
     * @param key the key, without what is below it
     * @param known what is read in its place
     */
    private record Unread(ConfigurationPropertyName key, Collection<String> known) {

        boolean isSlip() {
            return KnownKeys.nearest(written(), known).isPresent();
        }

        Mistake mistake() {
            return ComponentConfiguration.unknownKey(key, key.getNumberOfElements() - 1, known);
        }

        private String written() {
            return key.getLastElement(Form.ORIGINAL);
        }
    }
}
