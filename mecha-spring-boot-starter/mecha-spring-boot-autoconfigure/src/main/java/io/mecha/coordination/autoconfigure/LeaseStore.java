// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;

/**
 * A state store that keeps leases, chosen by a property and not created before it is needed.
 *
 * @since 1.0
 */
public final class LeaseStore implements ApplicationListener<ContextRefreshedEvent> {

    private static final Logger logger = LoggerFactory.getLogger(LeaseStore.class);
    private static final String UNCONFIGURED = "MECHA-K106";

    private final String property;
    private final String name;
    private final Environment environment;
    private final ObjectProvider<StateStoreRegistry> stores;
    private final ObjectProvider<MechaComponents> primitives;
    private boolean used;
    private boolean started;

    /**
     * Choose a store.
     *
     * @param property the property that names it
     * @param name its name
     * @param environment says whether the property is set
     * @param stores the stores of the application
     * @param primitives all that the application has
     */
    public LeaseStore(
            String property,
            String name,
            Environment environment,
            ObjectProvider<StateStoreRegistry> stores,
            ObjectProvider<MechaComponents> primitives) {
        this.property = property;
        this.name = name;
        this.environment = environment;
        this.stores = stores;
        this.primitives = primitives;
    }

    /**
     * Add a mistake if the property is set to the name of a store that is not configured: with the default type, each node would have
     * leases of its own. The name that is taken where the property is not set needs no configuration.
     *
     * @param mistakes takes the mistake
     */
    public void check(MistakeCollector mistakes) {
        Set<String> configured = stores.getObject().configured();
        if (!environment.containsProperty(property) || configured.contains(name)) {
            return;
        }
        String type = PropertyNames.store(name, "type");
        mistakes.add(new Mistake(
                UNCONFIGURED,
                property,
                "State store '%s' is not configured; configured are: %s."
                        .formatted(name, configured.isEmpty() ? "none" : String.join(", ", configured)),
                configured.isEmpty()
                        ? "Set %s.".formatted(type)
                        : "Set %s to one of them, or set %s.".formatted(property, type)));
    }

    /**
     * Return the store, to keep leases in it.
     *
     * @return the store, created now if it was not configured
     */
    public StateStoreComponent component() {
        StateStoreComponent store = stores.getObject().component(name);
        boolean late;
        synchronized (this) {
            late = started && !used;
            used = true;
        }
        if (late) {
            warnIfLocal();
        }
        return store;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent refreshed) {
        boolean now;
        synchronized (this) {
            now = used && !started;
            started = true;
        }
        if (now) {
            warnIfLocal();
        }
    }

    private void warnIfLocal() {
        List<MechaComponent> shared =
                components("").filter(MechaComponent::isShared).toList();
        if (shared.isEmpty()) {
            return;
        }
        MechaComponent other = shared.get(0);
        components("state")
                .filter((store) -> store.name().equals(name) && !store.isShared())
                .findFirst()
                .ifPresent((store) -> logger.warn(
                        "State store '{}' of type {} keeps leases ({}) and is for one process alone, while '{}' of type {} is"
                                + " shared: with several nodes, each has every lock and leads; set {} to a type that all nodes"
                                + " share",
                        name,
                        store.type(),
                        property,
                        other.name(),
                        other.type(),
                        PropertyNames.store(name, "type")));
    }

    private Stream<MechaComponent> components(String primitive) {
        return primitives.stream()
                .filter((kind) -> primitive.isEmpty() || kind.primitive().equals(primitive))
                .flatMap((kind) -> kind.components().stream());
    }
}
