// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.autoconfigure.MechaComponents;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Transactions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The state stores of an application, for operators. */
final class StateComponents implements MechaComponents {

    private final StateStoreRegistry stores;
    private final StateStoreFactory factory;

    StateComponents(StateStoreRegistry stores, StateStoreFactory factory) {
        this.stores = stores;
        this.factory = factory;
    }

    @Override
    public String primitive() {
        return "state";
    }

    @Override
    public List<MechaComponent> components() {
        return stores.components().stream()
                .<MechaComponent>map((store) ->
                        new StateComponent(store, factory.description(store.name()), factory.isShared(store.type())))
                .toList();
    }

    /** One state store, for operators. */
    private record StateComponent(StateStoreComponent store, StateStoreDescription description, boolean isShared)
            implements MechaComponent {

        @Override
        public String name() {
            return store.name();
        }

        @Override
        public String type() {
            return store.type();
        }

        @Override
        public Map<String, Map<String, Object>> capabilities() {
            Map<String, Map<String, Object>> capabilities = new LinkedHashMap<>();
            for (Class<?> capability : store.capabilities().types()) {
                capabilities.put(capability.getSimpleName(), limits(capability));
            }
            return capabilities;
        }

        private Map<String, Object> limits(Class<?> capability) {
            if (capability == Transactions.class) {
                return limit(Transactions.class, "maximumOperations", Transactions::maximumOperations);
            }
            return capability == KeyScan.class ? limit(KeyScan.class, "ordered", KeyScan::ordered) : Map.of();
        }

        private <C> Map<String, Object> limit(Class<C> capability, String name, Function<C, Object> limit) {
            return store.capabilities()
                    .find(capability)
                    .map((handle) -> Map.of(name, limit.apply(handle)))
                    .orElse(Map.of());
        }

        @Override
        public Map<String, Object> details() {
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("keyPrefix", store.keyPrefix());
            details.put("nearCache", store.nearCache().isPresent());
            return details;
        }

        @Override
        public String property() {
            return description.property();
        }

        @Override
        public Optional<String> origin() {
            return Optional.ofNullable(description.origin());
        }

        @Override
        public Map<String, Object> concerns() {
            return Map.of();
        }

        @Override
        public HealthOptions health() {
            return description.health();
        }

        @Override
        public void ping() {
            store.ping();
        }
    }
}
