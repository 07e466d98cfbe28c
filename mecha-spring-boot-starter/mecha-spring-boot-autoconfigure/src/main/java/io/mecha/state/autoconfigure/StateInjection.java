// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.injection.EmptyFields;
import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.autoconfigure.injection.InjectionPoints;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.StateStores;
import io.mecha.state.engine.StateStoreRegistry;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.PropertyResolver;

/** The resolver of stores for injection points; when one fails, it reports the mistakes of all others too. */
final class StateInjection implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final StateStores stores;
    private final PropertyResolver placeholders;

    StateInjection(ConfigurableListableBeanFactory beans, StateStores stores, PropertyResolver placeholders) {
        this.beans = beans;
        this.stores = stores;
        this.placeholders = placeholders;
    }

    KeyValueStore<?> resolve(InjectionPoint point) {
        return InjectionPoints.resolve(beans, StateStore.class, () -> store(point), this::store);
    }

    /** A store behind a provider or a proxy is made late; what the code needs of it must not be missed late. */
    @Override
    public void afterSingletonsInstantiated() {
        List<Mistake> mistakes = new ArrayList<>(EmptyFields.mistakes(beans, StateStore.class, "MECHA-S107"));
        mistakes.addAll(InjectionPoints.mistakes(beans, StateStore.class, (point) -> {
            boolean requires = InjectionPlace.annotation(point, StateStore.class)
                    .filter((store) -> store.requires().length > 0)
                    .isPresent();
            if (requires) {
                require(StateInjectionPoint.of(point, placeholders));
            }
        }));
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
    }

    private KeyValueStore<?> store(InjectionPoint point) {
        StateInjectionPoint wanted = StateInjectionPoint.of(point, placeholders);
        require(wanted);
        return stores.store(wanted.name(), wanted.valueType());
    }

    private void require(StateInjectionPoint point) {
        // Stores of the application's own making tell when they are used.
        if (stores instanceof StateStoreRegistry registry) {
            for (Class<?> capability : point.store().requires()) {
                registry.component(point.name()).require(capability);
            }
        }
    }
}
