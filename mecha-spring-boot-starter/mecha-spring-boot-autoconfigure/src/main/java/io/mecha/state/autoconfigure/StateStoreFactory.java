// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.configuration.BackendTypes;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.ConfiguredComponents;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.state.UnknownStateStoreException;
import io.mecha.state.autoconfigure.StateProperties.Store;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A builder of stores from the configuration; all mistakes in it are reported together. */
final class StateStoreFactory {

    private static final Logger logger = LoggerFactory.getLogger(StateStoreFactory.class);
    private static final String EMBEDDED = "embedded";

    /** What to add for a type that Mecha has but this application has not. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            EMBEDDED,
            "io.mecha:mecha-state-jdbc and org.xerial:sqlite-jdbc",
            "jdbc",
            "io.mecha:mecha-state-jdbc",
            "redis",
            "io.mecha:mecha-state-redis");

    private final ComponentConfiguration<StateProperties, Store> configuration;
    private final StateStoreParts parts;
    private final BackendTypes<StateBackendFactory> types;
    private final MistakeCollector found = StateProperties.KIND.mistakes();
    private final ConfiguredComponents<StateStoreComponent> configured;
    private final Map<String, StateStoreDescription> descriptions = new ConcurrentHashMap<>();

    StateStoreFactory(StateStoreParts parts) {
        this.parts = parts;
        this.configuration =
                ComponentConfiguration.read(StateProperties.KIND, parts.shared().environment(), found);
        this.types = new BackendTypes<>(
                StateProperties.KIND,
                parts.factories(),
                StateBackendFactory.class,
                StateBackendFactory::type,
                ARTIFACTS,
                EMBEDDED,
                found);
        this.configured =
                new ConfiguredComponents<>(configuration.names(), this::create, StateStoreComponent::close, found);
        if (parts.override() == null) {
            configuration.checkKeys(types.known(), found);
            types.checkDefault(configuration.properties().defaultType(), found);
        }
    }

    StateProperties properties() {
        return configuration.properties();
    }

    /** Builds every configured store, or none if anything is wrong with any of them. */
    List<StateStoreComponent> createConfigured() {
        List<StateStoreComponent> stores = configured.create();
        stores.forEach(this::announce);
        warnOfSharedKeys(stores);
        return stores;
    }

    /** Returns what is wrong with the configured stores, and keeps none of them. */
    List<Mistake> check() {
        return configured.check();
    }

    /**
     * Builds the store of a name that no file configures.
     *
     * @throws UnknownStateStoreException if stores must be configured
     */
    StateStoreComponent createUndeclared(String name) {
        MistakeCollector mistakes = new MistakeCollector();
        configuration.checkUndeclared(name, mistakes);
        mistakes.throwIfAny();
        if (BackendTypes.NONE.equals(configuration.properties().defaultType())
                && configuration.component(name).isEmpty()) {
            throw new UnknownStateStoreException(name, configuration.names());
        }
        Optional<StateStoreComponent> store = create(name, mistakes);
        mistakes.throwIfAny();
        StateStoreComponent created = store.orElseThrow();
        if (configuration.component(name).isEmpty()) {
            configuration.warnOfLookalike(name);
        }
        announce(created);
        return created;
    }

    private Optional<StateStoreComponent> create(String name, MistakeCollector mistakes) {
        Store properties = configuration.component(name).orElse(Store.DEFAULTS);
        StateBackendFactory factory = factory(name, properties, mistakes);
        StoreOptions options = StoreOptions.check(
                configuration.propertyOf(name), properties, parts.shared().codecs(), mistakes);
        if (factory == null || !ComponentConfiguration.isName(name)) {
            return Optional.empty();
        }
        String prefix = prefix(name, properties, factory, mistakes);
        StateBackend backend = backend(name, properties, factory, mistakes);
        if (backend == null) {
            return Optional.empty();
        }
        StateStoreComponent.Builder builder = StateStoreComponent.builder(
                        name, factory.type(), backend, parts.shared().codecs())
                .keyPrefix(prefix)
                .observations(parts.observations())
                .clock(parts.shared().clock());
        options.apply(builder);
        parts.customizers().forEach((customizer) -> customizer.customize(name, builder));
        StateStoreComponent store = build(name, builder, backend, mistakes);
        if (store != null) {
            descriptions.put(name, StateStoreDescription.of(configuration, name, properties.health()));
        }
        return Optional.ofNullable(store);
    }

    private @Nullable StateBackendFactory factory(String name, Store properties, MistakeCollector mistakes) {
        StateBackendOverride override = parts.override();
        if (override != null) {
            return override.factory(Optional.ofNullable(properties.type())
                    .or(() -> types.defaultType(configuration.properties().defaultType()))
                    .orElse(""));
        }
        return types.choose(
                        configuration.propertyOf(name) + ".type",
                        properties.type(),
                        configuration.properties().defaultType(),
                        mistakes)
                .orElse(null);
    }

    private String prefix(String name, Store properties, StateBackendFactory factory, MistakeCollector mistakes) {
        String own = properties.keyPrefix();
        String global = configuration.properties().keyPrefix();
        String setting = own;
        if (setting == null) {
            setting = factory.sharesKeys() ? global == null ? "application" : global : "none";
        }
        String prefix = parts.prefixes().prefix(setting, name);
        String property = own == null ? "mecha.state.key-prefix" : configuration.propertyOf(name) + ".key-prefix";
        KeyPrefixes.check(property, prefix, mistakes);
        return prefix;
    }

    private @Nullable StateBackend backend(
            String name, Store properties, StateBackendFactory factory, MistakeCollector mistakes) {
        try {
            return factory.create(new StoreSettings(
                    configuration,
                    name,
                    factory.type(),
                    properties.nearCache() != null,
                    parts.shared().dataDirectory(),
                    parts.shared().clock()));
        } catch (MechaException invalid) {
            mistakes.add(configuration.propertyOf(name), invalid);
            return null;
        }
    }

    private @Nullable StateStoreComponent build(
            String name, StateStoreComponent.Builder builder, StateBackend backend, MistakeCollector mistakes) {
        try {
            return builder.build();
        } catch (MechaException outOfBounds) {
            // The only thing the builder looks at.
            mistakes.add(StoreOptions.invalid(
                    configuration.propertyOf(name) + ".time-to-live",
                    "The time to live is out of bounds.",
                    outOfBounds.action()));
            backend.close();
            return null;
        }
    }

    StateStoreDescription description(String name) {
        return descriptions.computeIfAbsent(
                name, (missing) -> StateStoreDescription.of(configuration, missing, HealthOptions.DEFAULTS));
    }

    private void announce(StateStoreComponent store) {
        logger.info("State store '{}': {} {}, {}", store.name(), store.type(), store.capabilities(), reason(store));
        if (parts.prefixes().isUnnamed(store.keyPrefix(), store.name())) {
            logger.warn(
                    "State store '{}' has the key prefix '{}', as in every application without a name, which would see the"
                            + " same keys; set spring.application.name or {}",
                    store.name(),
                    store.keyPrefix(),
                    PropertyNames.store(store.name(), "key-prefix"));
        }
    }

    private String reason(StateStoreComponent store) {
        if (parts.override() != null) {
            return "type overridden by tests";
        }
        String own = configuration.component(store.name()).map(Store::type).orElse(null);
        String place = store.type().equals(EMBEDDED) ? " in " + parts.shared().dataDirectory() : "";
        return configuration.reason(store.name(), own, store.type(), place);
    }

    private void warnOfSharedKeys(List<StateStoreComponent> stores) {
        for (StateStoreComponent one : stores) {
            for (StateStoreComponent other : stores) {
                boolean sameName = one.name().compareTo(other.name()) >= 0
                        && one.keyPrefix().equals(other.keyPrefix());
                if (one != other && !sameName && mayShareKeys(one, other)) {
                    logger.warn(
                            "State stores '{}' and '{}' may see each other's keys, since the key prefix '{}' begins"
                                    + " with '{}'; set {} to another if they use one {}"
                                    + " server",
                            other.name(),
                            one.name(),
                            other.keyPrefix(),
                            one.keyPrefix(),
                            PropertyNames.store(other.name(), "key-prefix"),
                            one.type());
                }
            }
        }
    }

    private boolean mayShareKeys(StateStoreComponent one, StateStoreComponent other) {
        return one.type().equals(other.type()) && other.keyPrefix().startsWith(one.keyPrefix()) && isShared(one.type());
    }

    /** Tells whether all nodes see what is in stores of a type. */
    boolean isShared(String type) {
        return parts.override() == null
                && types.find(type).filter(StateBackendFactory::sharesKeys).isPresent();
    }
}
