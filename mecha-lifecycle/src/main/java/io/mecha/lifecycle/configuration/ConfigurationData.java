// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.config.ConfigDataEnvironmentUpdateListener;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataResource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ResourceLoader;

/**
 * The configuration data of an application as Spring Boot reads it at start: files, imports and documents for profiles, in an
 * environment of their own that has everything else of the application's in common with it.
 */
final class ConfigurationData {

    private static final String RESOURCE = "Config resource '";
    private static final String ATTACHED = "configurationProperties";

    private final ConfigurableEnvironment environment;
    private final List<PropertySource<?>> sources;

    private ConfigurationData(ConfigurableEnvironment environment, List<PropertySource<?>> sources) {
        this.environment = environment;
        this.sources = sources;
    }

    /**
     * Reads everything anew, trees of files to the last file.
     *
     * @param live the environment of the application, not changed
     * @param known names of the sources that were read before
     */
    static ConfigurationData read(ConfigurableEnvironment live, ResourceLoader resources, List<String> known) {
        ConfigurationData first = read(live, resources, Set.copyOf(known));
        // What was read at start is among the sources of the application, and must not be taken for something else.
        Set<String> names = first.names();
        names.addAll(known);
        return known.containsAll(names)
                        || live.getPropertySources().stream().noneMatch(source -> names.contains(source.getName()))
                ? first
                : read(live, resources, names);
    }

    private static ConfigurationData read(ConfigurableEnvironment live, ResourceLoader resources, Set<String> without) {
        ConfigurableEnvironment environment = new Unprofiled();
        for (PropertySource<?> source : live.getPropertySources()) {
            if (!source.getName().equals(ATTACHED) && !without.contains(source.getName()) && !isFile(source)) {
                environment.getPropertySources().addLast(source);
            }
        }
        List<PropertySource<?>> added = new ArrayList<>();
        ConfigDataEnvironmentPostProcessor.applyTo(
                environment,
                resources,
                new DefaultBootstrapContext(),
                Arrays.asList(live.getActiveProfiles()),
                new ConfigDataEnvironmentUpdateListener() {
                    @Override
                    public void onPropertySourceAdded(
                            PropertySource<?> source,
                            @Nullable ConfigDataLocation location,
                            @Nullable ConfigDataResource resource) {
                        added.add(source);
                    }
                });
        added.forEach(ConfigurationData::readWhole);
        ConfigurationPropertySources.attach(environment);
        return new ConfigurationData(environment, inOrder(environment.getPropertySources(), added));
    }

    private static List<PropertySource<?>> inOrder(MutablePropertySources all, List<PropertySource<?>> added) {
        return all.stream().filter(added::contains).collect(Collectors.toUnmodifiableList());
    }

    /** Tells what Spring Boot itself reads from files, which is read anew. */
    private static boolean isFile(PropertySource<?> source) {
        return source instanceof ConfigTreePropertySource || source.getName().startsWith(RESOURCE);
    }

    /**
     * Makes sure that files are in the environment as Spring Boot reads them: what another library makes of them, for example
     * decrypted values, would get lost when they are read again.
     *
     * @throws InvalidConfigurationException if they are not
     */
    static void requireUnchanged(ConfigurableEnvironment live, String property) {
        for (PropertySource<?> source : live.getPropertySources()) {
            if (source.getName().startsWith(RESOURCE) && !(source instanceof OriginTrackedMapPropertySource)) {
                throw new InvalidConfigurationException(List.of(new Mistake(
                        "MECHA-L105",
                        property,
                        "Another library has replaced '%s' in the environment (%s)."
                                .formatted(source.getName(), source.getClass().getName()),
                        "Remove %s, or the library that changes what is read from files.".formatted(property))));
            }
        }
    }

    /** Reads what a source reads only when it is asked, so that it stays what it is. */
    static void readWhole(PropertySource<?> source) {
        if (source instanceof ConfigTreePropertySource tree) {
            for (String name : tree.getPropertyNames()) {
                Object unused = String.valueOf(tree.getProperty(name));
            }
        }
    }

    /** Returns an environment in which the data is in force. */
    ConfigurableEnvironment environment() {
        return environment;
    }

    /** Returns what was read, the strongest first. */
    List<PropertySource<?>> sources() {
        return sources;
    }

    private Set<String> names() {
        return sources.stream().map(PropertySource::getName).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Puts the data into force in the environment of the application: each source at once, one after the other.
     *
     * @param before names of the sources that are replaced, in their order
     */
    void apply(ConfigurableEnvironment live, List<String> before) {
        MutablePropertySources target = live.getPropertySources();
        Set<String> names = names();
        @Nullable String previous = null;
        for (PropertySource<?> source : sources) {
            if (isInPlace(target, source.getName(), previous, before, names)) {
                target.replace(source.getName(), source);
            } else if (previous != null) {
                target.addAfter(previous, source);
            } else {
                addFirst(target, source, before);
            }
            previous = source.getName();
        }
        before.stream().filter(name -> !names.contains(name)).forEach(target::remove);
    }

    private static void addFirst(MutablePropertySources target, PropertySource<?> source, List<String> before) {
        Optional<String> next =
                before.stream().filter(name -> !name.equals(source.getName())).findFirst();
        if (next.isPresent()) {
            target.addBefore(next.get(), source);
        } else {
            target.addLast(source);
        }
    }

    /** Tells whether a source is behind another one, but for sources that go; or, without another one, first of all that stay. */
    private static boolean isInPlace(
            MutablePropertySources target,
            String name,
            @Nullable String previous,
            List<String> before,
            Set<String> names) {
        if (!target.contains(name)) {
            return false;
        }
        if (previous == null) {
            return before.stream().filter(names::contains).findFirst().equals(Optional.of(name));
        }
        List<String> staying = target.stream()
                .map(PropertySource::getName)
                .filter(other -> names.contains(other) || !before.contains(other))
                .toList();
        return staying.indexOf(name) == staying.indexOf(previous) + 1;
    }

    /** Returns which sources of an environment hold what this data holds now or held before, in their order. */
    List<String> replaced(ConfigurableEnvironment live, List<String> known) {
        Set<String> names = names();
        names.addAll(known);
        return live.getPropertySources().stream()
                .filter(source -> names.contains(source.getName()) || isFile(source))
                .map(PropertySource::getName)
                .toList();
    }

    /** An environment in which profiles are what the configuration data says, as at the start of an application. */
    private static final class Unprofiled extends StandardEnvironment {

        @Override
        protected void customizePropertySources(MutablePropertySources propertySources) {
            // All come from the application.
        }

        @Override
        protected @Nullable String doGetActiveProfilesProperty() {
            return null;
        }

        @Override
        protected @Nullable String doGetDefaultProfilesProperty() {
            return null;
        }
    }
}
