// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.autoconfigure.injection.InjectionQualifier;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.StateStores;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.PropertyResolver;

/**
 * A place that wants a store: which one, and of which values.
 *
 * @param store the annotation
 * @param name name of the store, without placeholders
 * @param valueType type of the values, without type variables
 */
record StateInjectionPoint(StateStore store, String name, Type valueType) {

    /** Name of the bean that reads the annotation. */
    static final String BEAN = "mechaInjectedStateStore";

    /**
     * Reads an injection point.
     *
     * @param placeholders resolves those in the name of the store
     * @throws InvalidConfigurationException if it is not the place for a store
     */
    static StateInjectionPoint of(InjectionPoint point, PropertyResolver placeholders) {
        Type valueType = valueType(point);
        StateStore store = annotation(point);
        String name = InjectionPlace.resolve(point, store.value(), placeholders, "MECHA-S109");
        if (!ComponentConfiguration.isName(name)) {
            throw new InvalidConfigurationException(List.of(
                    ComponentConfiguration.invalidName(StateProperties.KIND, InjectionPlace.describe(point), name)));
        }
        return new StateInjectionPoint(store, name, valueType);
    }

    private static StateStore annotation(InjectionPoint point) {
        return InjectionPlace.annotation(point, StateStore.class)
                .orElseThrow(() -> wrong(
                        point,
                        "It takes a KeyValueStore without saying which.",
                        "Annotate it with @StateStore(\"name\")."));
    }

    /**
     * Reads of which type the values are, though nobody may know yet which store it is.
     *
     * @throws InvalidConfigurationException if it is not the place for a store
     */
    static Type valueType(InjectionPoint point) {
        StateStore store = annotation(point);
        ResolvableType type = InjectionPlace.type(point);
        if (type.resolve() != KeyValueStore.class) {
            throw wrong(
                    point,
                    "@StateStore is on a %s, which is not a KeyValueStore.".formatted(type),
                    "Make it a KeyValueStore<type of the values>.");
        }
        ResolvableType valueType = type.getGeneric(0);
        if (valueType.resolve() == null || valueType.getType() instanceof WildcardType) {
            throw wrong(
                    point,
                    "It does not say of which type the values of state store '%s' are.".formatted(store.value()),
                    "Write the type of the values, as in KeyValueStore<Order>.");
        }
        return InjectionPlace.withoutVariables(valueType);
    }

    private static InvalidConfigurationException wrong(InjectionPoint point, String problem, String action) {
        return new InvalidConfigurationException(
                List.of(new Mistake("MECHA-S107", InjectionPlace.describe(point), problem, action)));
    }

    /**
     * The meaning of the annotation.
     *
     * @param placeholders resolves those in names of stores
     */
    record Qualifier(PropertyResolver placeholders) implements InjectionQualifier {

        @Override
        public Class<? extends Annotation> annotation() {
            return StateStore.class;
        }

        @Override
        public Set<String> beans() {
            return Set.of(BEAN);
        }

        @Override
        public Class<?> components() {
            return StateStores.class;
        }

        @Override
        public void check(InjectionPoint point) {
            of(point, placeholders);
        }
    }
}
