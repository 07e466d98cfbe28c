// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import io.mecha.Mistake;
import io.mecha.PropertyNames;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * The configuration of the named components of a primitive, with the mistakes in it.
 *
 * @param <P> record of all properties of the primitive
 * @param <C> record of the properties of one component
 * @since 1.0
 */
public final class ComponentConfiguration<P extends Record, C extends Record> {

    private static final Logger logger = LoggerFactory.getLogger(ComponentConfiguration.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final ComponentKind<P, C> kind;
    private final ConfigurationPropertyName root;
    private final ConfigurationPropertyName map;
    private final int rootElements;
    private final int componentElements;
    private final List<ConfigurationPropertySource> sources;
    private final PlaceholdersResolver placeholders;
    private final P properties;
    private final Map<String, C> components;
    private final Map<String, ConfigurationPropertyName> names = new TreeMap<>();
    private final Map<String, String> inEnvironment = new HashMap<>();

    private ComponentConfiguration(ComponentKind<P, C> kind, Environment environment, MistakeCollector mistakes) {
        this.kind = kind;
        this.root = ConfigurationPropertyName.of(kind.root());
        this.map = root.append(kind.map());
        this.rootElements = root.getNumberOfElements();
        this.componentElements = map.getNumberOfElements() + 1;
        this.sources = new ArrayList<>();
        ConfigurationPropertySources.get(environment).forEach(sources::add);
        this.placeholders = new PropertySourcesPlaceholdersResolver(environment);
        this.properties = new Binder(sources, placeholders)
                .bind(root, Bindable.of(kind.propertiesType()), mistakes)
                .orElse(kind.defaults());
        this.components = kind.components().apply(properties);
        nameComponents();
    }

    /**
     * Read the configuration.
     *
     * @param <P> record of all properties of the primitive
     * @param <C> record of the properties of one component
     * @param kind what to read
     * @param environment where to read it
     * @param mistakes takes what cannot be read
     * @return the configuration, without what could not be read
     */
    public static <P extends Record, C extends Record> ComponentConfiguration<P, C> read(
            ComponentKind<P, C> kind, Environment environment, MistakeCollector mistakes) {
        ComponentConfiguration<P, C> configuration = new ComponentConfiguration<>(kind, environment, mistakes);
        configuration.names.keySet().forEach((name) -> configuration.checkName(name, mistakes));
        Namespace.check(environment, mistakes);
        return configuration;
    }

    // One component may be written in several ways (my-carts in a file, MYCARTS in the environment): one name must win.
    // What
    // only the environment names waits for code that says how the name is really written.
    private void nameComponents() {
        Map<ConfigurationPropertyName, String> written = new LinkedHashMap<>();
        for (String name : components.keySet()) {
            written.merge(find(name), name, (one, other) -> one.equals(KnownKeys.uniform(one)) ? other : one);
        }
        Set<ConfigurationPropertyName> declared = componentProperties(ours())
                .map((property) -> property.chop(componentElements))
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
        return componentProperties(sources.stream())
                .filter((property) -> property.getElement(componentElements - 1, Form.ORIGINAL)
                        .equals(name))
                .findFirst()
                .map((property) -> property.chop(componentElements))
                .orElseGet(() -> property(name));
    }

    private Stream<ConfigurationPropertyName> componentProperties(Stream<ConfigurationPropertySource> sources) {
        return Namespace.names(sources).filter(map::isAncestorOf);
    }

    private ConfigurationPropertyName property(String name) {
        return ConfigurationPropertyName.of(PropertyNames.component(map.toString(), name));
    }

    /**
     * Add the mistake if a text cannot be the name of a component.
     *
     * @param name the text
     * @param mistakes takes the mistake
     */
    public void checkName(String name, MistakeCollector mistakes) {
        if (!isName(name)) {
            mistakes.add(invalidName(kind, propertyOf(name), name));
        }
    }

    /**
     * Add the mistakes of a name that the application uses and no file configures.
     *
     * @param name the name
     * @param mistakes takes a name that cannot be used, or that is configured with other case, hyphens or underscores
     */
    public void checkUndeclared(String name, MistakeCollector mistakes) {
        checkName(name, mistakes);
        similar(name)
                .ifPresent((other) -> mistakes.add(new Mistake(
                        kind.codes().name(),
                        propertyOf(other),
                        "The application uses %s '%s', but the configuration has '%s'."
                                .formatted(kind.noun(), name, other),
                        "Write the same name in both places.")));
    }

    /**
     * Describe why a component has its type.
     *
     * @param name name of the component
     * @param own the type in its own settings; {@code null} if it has the default one
     * @param type its type
     * @param place where the component is, for example {@code " in /data"}; empty if the type says so
     * @return the end of a sentence
     */
    public String reason(String name, @Nullable String own, String type, String place) {
        String property = propertyOf(name);
        if (own != null) {
            return "configured by " + property;
        }
        return "%s, default type %s%s; set %s.type to choose another"
                .formatted(
                        component(name).isPresent() ? "configured by " + property : "not configured",
                        type,
                        place,
                        property);
    }

    /**
     * Describe a text that cannot be the name of a component.
     *
     * @param kind what cannot have the name
     * @param place where it is written
     * @param name the text
     * @return the mistake
     */
    public static Mistake invalidName(ComponentKind<?, ?> kind, String place, String name) {
        return new Mistake(
                kind.codes().name(),
                place,
                "'%s' cannot be the name of a %s.".formatted(name, kind.noun()),
                "Use 1 to 64 letters, digits, dots, underscores and hyphens, beginning with a letter or a digit.");
    }

    /**
     * Tell whether a text can be the name of a component.
     *
     * @param name the text
     * @return whether it can
     */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Return what is configured for the primitive.
     *
     * @return what could be read
     */
    public P properties() {
        return properties;
    }

    /**
     * Return the components to build at start.
     *
     * @return names in alphabetical order
     */
    public Collection<String> names() {
        return names.keySet();
    }

    /**
     * Find the settings of a component, also of one that only the environment names.
     *
     * @param name name of the component
     * @return its settings, if there are any
     */
    public Optional<C> component(String name) {
        String written = names.containsKey(name) ? name : inEnvironment.get(KnownKeys.uniform(name));
        return written == null ? Optional.empty() : Optional.ofNullable(components.get(written));
    }

    /** Finds a configured component whose name differs only in case, hyphens or underscores. */
    private Optional<String> similar(String name) {
        return names.keySet().stream()
                .filter((other) -> KnownKeys.uniform(other).equals(KnownKeys.uniform(name)))
                .findFirst();
    }

    /**
     * Warn of a component that is used and not configured while one whose name looks alike is: a reference to it, in code or in the
     * settings of another component, may have misspelt the name.
     *
     * @param name name of the component
     */
    public void warnOfLookalike(String name) {
        KnownKeys.lookalike(name, names.keySet())
                .ifPresent((other) -> logger.warn(
                        "The application uses {} '{}', which is not configured, while '{}' is. Write the same name in both places"
                                + " if that is meant, or else set {}.type",
                        kind.noun(),
                        name,
                        other,
                        propertyOf(name)));
    }

    /**
     * Return the property of a component, for messages.
     *
     * @param name name of the component
     * @return for example {@code mecha.state.stores.carts}
     */
    public String propertyOf(String name) {
        return nameOf(name).toString();
    }

    private ConfigurationPropertyName nameOf(String name) {
        ConfigurationPropertyName known = names.get(name);
        return known == null ? property(name) : known;
    }

    /**
     * Find the first set property of a component: its type, or else the first by name.
     *
     * @param name name of the component
     * @return the property, if the component is configured
     */
    public Optional<ConfigurationProperty> declaration(String name) {
        ConfigurationPropertyName component = nameOf(name);
        return Stream.concat(
                        Stream.of(component.append("type"), component),
                        componentProperties(sources.stream())
                                .filter(component::isAncestorOf)
                                .sorted())
                .flatMap((property) -> find(property).stream())
                .findFirst();
    }

    /**
     * Find where {@code default-type} is set.
     *
     * @return the origin, if it is set and known
     */
    public Optional<Origin> originOfDefaultType() {
        return find(root.append("default-type")).map(Origin::from);
    }

    private Optional<ConfigurationProperty> find(ConfigurationPropertyName name) {
        return sources.stream()
                .flatMap((source) -> Optional.ofNullable(source.getConfigurationProperty(name)).stream())
                .findFirst();
    }

    /**
     * Bind the options of a type: those of the component over those of all components of that type.
     *
     * @param <O> the options
     * @param component name of the component
     * @param type id of the type
     * @param options a record
     * @return the options
     * @throws io.mecha.InvalidConfigurationException if any of them cannot be read
     */
    public <O> O options(String component, String type, Class<O> options) {
        MistakeCollector mistakes = new MistakeCollector();
        ConfigurationPropertyName own = nameOf(component).append(type);
        List<ConfigurationPropertySource> layered = new ArrayList<>(sources);
        for (ConfigurationPropertySource source : sources) {
            layered.add(RenamedSource.of(source, root.append(type), own));
        }
        KnownKeys known = new KnownKeys(options);
        checkKnown(own, known, mistakes);
        checkKnown(root.append(type), known, mistakes);
        O bound = new Binder(layered, placeholders).bindOrCreate(own, Bindable.of(options), mistakes);
        mistakes.throwIfAny();
        return bound;
    }

    private void checkKnown(ConfigurationPropertyName parent, KnownKeys known, MistakeCollector mistakes) {
        Namespace.names(ours())
                .filter(parent::isAncestorOf)
                .forEach((name) -> known.firstUnknown(name, parent.getNumberOfElements())
                        .ifPresent((unknown) -> mistakes.add(unknownKey(name, unknown.index(), unknown.known()))));
    }

    /**
     * Add a mistake for each key below a component that nothing reads.
     *
     * @param types ids of types, which are keys, too
     * @param mistakes takes the mistakes
     */
    public void checkKeys(Collection<String> types, MistakeCollector mistakes) {
        checkTopKeys(types, mistakes);
        KnownKeys known = new KnownKeys(kind.componentDefaults().getClass());
        List<String> uniformTypes = types.stream().map(KnownKeys::uniform).toList();
        Collection<String> everything = new TreeSet<>(known.keys());
        everything.addAll(types);
        componentProperties(ours())
                .filter((name) -> name.getNumberOfElements() > componentElements)
                .filter((name) -> !uniformTypes.contains(KnownKeys.uniform(name, componentElements)))
                .forEach((name) -> known.firstUnknown(name, componentElements)
                        .ifPresent((unknown) -> mistakes.add(unknownKey(
                                name,
                                unknown.index(),
                                unknown.index() == componentElements ? everything : unknown.known()))));
    }

    private void checkTopKeys(Collection<String> types, MistakeCollector mistakes) {
        Collection<String> known = new TreeSet<>(new KnownKeys(kind.propertiesType()).keys());
        known.add("enabled");
        known.addAll(types);
        List<ConfigurationPropertyName> unknown = unknownTopKeys(known);
        if (!unknown.isEmpty()) {
            // What else is on the class path may read keys here, and says so where an IDE looks, too.
            ConfigurationMetadata below = ConfigurationMetadata.read().child(KnownKeys.uniform(root, rootElements - 1));
            known.addAll(below == null ? List.of() : below.keys());
            unknownTopKeys(known).forEach((name) -> mistakes.add(unknownKey(name, rootElements, known)));
        }
    }

    private List<ConfigurationPropertyName> unknownTopKeys(Collection<String> known) {
        List<String> uniform = known.stream().map(KnownKeys::uniform).toList();
        return Namespace.names(ours())
                .filter(root::isAncestorOf)
                .filter((name) -> !uniform.contains(KnownKeys.uniform(name, rootElements)))
                .toList();
    }

    static Mistake unknownKey(ConfigurationPropertyName name, int index, Collection<String> known) {
        String key = name.getElement(index, Form.ORIGINAL);
        return new Mistake(
                "MECHA-C003",
                name.chop(index + 1).toString(),
                "Nothing reads '%s' here.".formatted(key),
                KnownKeys.suggest(key, known));
    }

    private Stream<ConfigurationPropertySource> ours() {
        return Namespace.written(sources);
    }

    /**
     * Describe where a property is set.
     *
     * @param property the property
     * @return its origin, if known
     */
    public static @Nullable String origin(@Nullable ConfigurationProperty property) {
        Origin origin = Origin.from(property);
        return origin == null ? null : origin.toString();
    }
}
