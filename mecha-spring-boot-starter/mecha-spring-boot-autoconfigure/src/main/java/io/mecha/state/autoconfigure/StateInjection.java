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

    /** A store behind a provider or a proxy is made late; what the code needs of it must not be missed late. */
    @Override
    public void afterSingletonsInstantiated() {
        List<Mistake> mistakes = InjectionPoints.mistakes(beans, StateStore.class, (point) -> {
            boolean requires = InjectionPlace.annotation(point, StateStore.class)
                    .filter((store) -> store.requires().length > 0)
                    .isPresent();
            if (requires) {
                require(StateInjectionPoint.of(point));
            }
        });
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
    }

    private KeyValueStore<?> resolve(StateInjectionPoint point) {
        require(point);
        return stores.store(point.store().value(), point.valueType());
    }

    private void require(StateInjectionPoint point) {
        // Stores of the application's own making tell when they are used.
        if (stores instanceof StateStoreRegistry registry) {
            for (Class<?> capability : point.store().requires()) {
                registry.component(point.store().value()).require(capability);
            }
        }
    }
}
