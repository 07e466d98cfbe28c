// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.autoconfigure.injection.InjectionPoints;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.StateStores;
import io.mecha.state.engine.StateStoreRegistry;
import java.util.List;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Gives each injection point its store; when that fails, says what is wrong with all the others too. */
final class StateInjection implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final StateStores stores;

    StateInjection(ConfigurableListableBeanFactory beans, StateStores stores) {
        this.beans = beans;
        this.stores = stores;
    }

    KeyValueStore<?> resolve(InjectionPoint point) {
        try {
            return resolve(StateInjectionPoint.of(point));
        } catch (MechaException failure) {
            List<Mistake> mistakes = InjectionPoints.mistakes(
                    beans, StateStore.class, (other) -> resolve(StateInjectionPoint.of(other)));
            if (mistakes.size() > 1) {
                throw new InvalidConfigurationException(mistakes, failure);
            }
            throw failure;
        }
    }

    private KeyValueStore<?> resolve(StateInjectionPoint point) {
        require(point.store());
        return stores.store(point.store().value(), point.valueType());
    }

    private void require(StateStore store) {
        // Stores of the application's own making tell when they are used.
        if (stores instanceof StateStoreRegistry registry) {
            for (Class<?> capability : store.requires()) {
                registry.component(store.value()).require(capability);
            }
        }
    }

    /** Checks what is injected later, through an {@code ObjectProvider} or lazily: the start is the time to fail. */
    @Override
    public void afterSingletonsInstantiated() {
        List<Mistake> mistakes = InjectionPoints.mistakes(
                beans,
                StateStore.class,
                (point) -> InjectionPlace.annotation(point, StateStore.class).ifPresent(this::require));
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
    }
}
