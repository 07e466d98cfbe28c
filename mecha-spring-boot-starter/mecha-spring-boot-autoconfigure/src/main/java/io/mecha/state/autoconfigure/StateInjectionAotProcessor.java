// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.MechaException;
import io.mecha.autoconfigure.injection.InjectionPoints;
import io.mecha.state.StateStore;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;

/** An AOT processor that lets a native image serialise the values of every store that is injected. */
final class StateInjectionAotProcessor implements BeanFactoryInitializationAotProcessor {

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        Type[] types = valueTypes(beanFactory);
        return types.length == 0
                ? null
                : (context, code) -> new BindingReflectionHintsRegistrar()
                        .registerReflectionHints(context.getRuntimeHints().reflection(), types);
    }

    private static Type[] valueTypes(ConfigurableListableBeanFactory beans) {
        Set<Type> types = new LinkedHashSet<>();
        for (DependencyDescriptor point : InjectionPoints.find(beans, StateStore.class)) {
            try {
                types.add(StateInjectionPoint.valueType(point));
            } catch (MechaException wrong) {
                // Reported when the application starts, with all the others.
            }
        }
        return types.toArray(Type[]::new);
    }
}
