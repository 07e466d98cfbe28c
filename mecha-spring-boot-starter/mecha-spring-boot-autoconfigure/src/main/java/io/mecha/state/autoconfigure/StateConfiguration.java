// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.Mistake;
import io.mecha.state.autoconfigure.StateProperties.Store;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Reads {@code mecha.state.*}, looking for mistakes on the way. */
final class StateConfiguration {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("mecha.state");
    private static final ConfigurationPropertyName STORES = ROOT.append("stores");
    private static final int ROOT_ELEMENTS = ROOT.getNumberOfElements();
    private static final int STORE_ELEMENTS = STORES.getNumberOfElements() + 1;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final List<ConfigurationPropertySource> sources;
    private final PlaceholdersResolver placeholders;
    private final StateProperties properties;
    private final Map<String, ConfigurationPropertyName> names = new TreeMap<>();
    private final Map<String, String> inEnvironment = new HashMap<>();

    private StateConfiguration(Environment environment, MistakeCollector mistakes) {
        this.sources = new ArrayList<>();
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        this.placeholders = new PropertySourcesPlaceholdersResolver(environment);
        this.properties = new Binder(sources, placeholders)
                .bind(ROOT, Bindable.of(StateProperties.class), mistakes)
                .orElse(StateProperties.DEFAULTS);
        nameStores();
    }

    static StateConfiguration read(Environment environment, MistakeCollector mistakes) {
        StateConfiguration configuration = new StateConfiguration(environment, mistakes);
        configuration.names.keySet().forEach((name) -> configuration.checkName(name, mistakes));
        return configuration;
    }

    // One store may be written in several ways (my-carts in a file, MYCARTS in the environment): one name must win.
    // What
    // only the environment names waits for code that says how the name is really written.
    private void nameStores() {
        Map<ConfigurationPropertyName, String> written = new LinkedHashMap<>();
        for (String name : properties.stores().keySet()) {
            written.merge(find(name), name, (one, other) -> one.equals(KnownKeys.uniform(one)) ? other : one);
        }
        Set<ConfigurationPropertyName> declared = storeProperties(ours())
                .map((property) -> property.chop(STORE_ELEMENTS))
                .collect(Collectors.toSet());
        written.forEach((property, name) -> {
            if (declared.contains(property)) {
                names.put(name, property);
            } else {
                inEnvironment.put(KnownKeys.uniform(name), name);
            }
        });
    }

    private ConfigurationPropertyName find(String name) {
        return storeProperties(sources.stream())
                .filter((property) ->
                        property.getElement(STORE_ELEMENTS - 1, Form.ORIGINAL).equals(name))
                .findFirst()
                .map((property) -> property.chop(STORE_ELEMENTS))
                .orElseGet(() -> property(name));
    }

    private static Stream<ConfigurationPropertyName> storeProperties(Stream<ConfigurationPropertySource> sources) {
        return names(sources).filter(STORES::isAncestorOf);
    }

    private static Stream<ConfigurationPropertyName> names(Stream<ConfigurationPropertySource> sources) {
        return sources.filter(IterableConfigurationPropertySource.class::isInstance)
                .flatMap((source) -> ((IterableConfigurationPropertySource) source).stream());
    }

    private static ConfigurationPropertyName property(String name) {
        return STORES.append(ConfigurationPropertyName.isValid(name) && !name.contains(".") ? name : "[" + name + "]");
    }

    /** Adds the mistake if a text cannot be the name of a store. */
    void checkName(String name, MistakeCollector mistakes) {
        if (!isName(name)) {
            mistakes.add(new Mistake(
                    "MECHA-S105",
                    propertyOf(name),
                    "'%s' cannot be the name of a state store.".formatted(name),
                    "Use 1 to 64 letters, digits, dots, underscores and hyphens, beginning with a letter or a digit."));
        }
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    StateProperties properties() {
        return properties;
    }

    /** Returns the stores to build at start. */
    Collection<String> names() {
        return names.keySet();
    }

    /** Finds the settings of a store, also of one that only the environment names. */
    Optional<Store> store(String name) {
        String written = names.containsKey(name) ? name : inEnvironment.get(KnownKeys.uniform(name));
        return written == null
                ? Optional.empty()
                : Optional.ofNullable(properties.stores().get(written));
    }

    /** Finds a configured store whose name differs only in case, hyphens or underscores. */
    Optional<String> similar(String name) {
        return names.keySet().stream()
                .filter((other) -> KnownKeys.uniform(other).equals(KnownKeys.uniform(name)))
                .findFirst();
    }

    /** Returns the property of a store, for messages. */
    String propertyOf(String name) {
        return nameOf(name).toString();
    }

    private ConfigurationPropertyName nameOf(String name) {
        ConfigurationPropertyName known = names.get(name);
        return known == null ? property(name) : known;
    }

    /** Finds the first set property of a store: its type, or else any. */
    Optional<ConfigurationProperty> declaration(String name) {
        ConfigurationPropertyName store = nameOf(name);
        return Stream.concat(
                        Stream.of(store.append("type"), store),
                        storeProperties(sources.stream()).filter(store::isAncestorOf))
                .flatMap((property) -> find(property).stream())
                .findFirst();
    }

    Optional<Origin> originOfDefaultType() {
        return find(ROOT.append("default-type")).map(Origin::from);
    }

    private Optional<ConfigurationProperty> find(ConfigurationPropertyName name) {
        return sources.stream()
                .flatMap((source) -> Optional.ofNullable(source.getConfigurationProperty(name)).stream())
                .findFirst();
    }

    /** Binds the options of a type: those of the store over those of all stores of that type. */
    <O> O options(String store, String type, Class<O> options) {
        MistakeCollector mistakes = new MistakeCollector();
        ConfigurationPropertyName own = nameOf(store).append(type);
        List<ConfigurationPropertySource> layered = new ArrayList<>(sources);
        for (ConfigurationPropertySource source : sources) {
            layered.add(RenamedSource.of(source, ROOT.append(type), own));
        }
        KnownKeys known = new KnownKeys(options);
        storeProperties(ours()).filter(own::isAncestorOf).forEach((name) -> checkKnown(name, known, mistakes));
        O bound = new Binder(layered, placeholders).bindOrCreate(own, Bindable.of(options), mistakes);
        mistakes.throwIfAny();
        return bound;
    }

    private static void checkKnown(ConfigurationPropertyName name, KnownKeys known, MistakeCollector mistakes) {
        known.firstUnknown(name, STORE_ELEMENTS + 1)
                .ifPresent((unknown) -> mistakes.add(unknownKey(name, unknown.index(), unknown.known())));
    }

    /** Adds a mistake for each key below a store that nothing reads. */
    void checkKeys(Collection<String> types, MistakeCollector mistakes) {
        checkTopKeys(types, mistakes);
        KnownKeys known = new KnownKeys(Store.class);
        List<String> uniformTypes = types.stream().map(KnownKeys::uniform).toList();
        Collection<String> everything = new TreeSet<>(known.keys());
        everything.addAll(types);
        storeProperties(ours())
                .filter((name) -> name.getNumberOfElements() > STORE_ELEMENTS)
                .filter((name) -> !uniformTypes.contains(KnownKeys.uniform(name, STORE_ELEMENTS)))
                .forEach((name) -> known.firstUnknown(name, STORE_ELEMENTS)
                        .ifPresent((unknown) -> mistakes.add(unknownKey(
                                name,
                                unknown.index(),
                                unknown.index() == STORE_ELEMENTS ? everything : unknown.known()))));
    }

    private void checkTopKeys(Collection<String> types, MistakeCollector mistakes) {
        Collection<String> known = new TreeSet<>(new KnownKeys(StateProperties.class).keys());
        known.add("enabled");
        known.addAll(types);
        List<String> uniform = known.stream().map(KnownKeys::uniform).toList();
        names(ours())
                .filter(ROOT::isAncestorOf)
                .filter((name) -> !uniform.contains(KnownKeys.uniform(name, ROOT_ELEMENTS)))
                // Adapters of others may have keys here, so only what looks like a slip counts.
                .filter((name) -> KnownKeys.nearest(name.getElement(ROOT_ELEMENTS, Form.ORIGINAL), known)
                        .isPresent())
                .forEach((name) -> mistakes.add(unknownKey(name, ROOT_ELEMENTS, known)));
    }

    private static Mistake unknownKey(ConfigurationPropertyName name, int index, Collection<String> known) {
        String key = name.getElement(index, Form.ORIGINAL);
        return new Mistake(
                "MECHA-C003",
                name.chop(index + 1).toString(),
                "Nothing reads '%s' here.".formatted(key),
                KnownKeys.suggest(key, known));
    }

    // Names from the environment are ambiguous (KEY_PREFIX may be key-prefix or key.prefix), so they are not judged.
    private Stream<ConfigurationPropertySource> ours() {
        return sources.stream()
                .filter((source) -> !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource));
    }

    static @Nullable String origin(@Nullable ConfigurationProperty property) {
        Origin origin = Origin.from(property);
        return origin == null ? null : origin.toString();
    }
}
