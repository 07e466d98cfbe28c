// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.MechaException;
import io.mecha.autoconfigure.injection.InjectionPoints;
import io.mecha.binding.Binding;
import io.mecha.binding.autoconfigure.handler.HandlerTypes;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.util.ClassUtils;

/**
 * An AOT processor that lets a native image call the methods that handle messages, and read and write the payloads of every handler and
 * sender.
 */
final class BindingAotProcessor implements BeanFactoryInitializationAotProcessor {

    private static final String TRANSACTIONS = "org.springframework.transaction.PlatformTransactionManager";

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beans) {
        Set<Type> payloads = new LinkedHashSet<>();
        Set<Method> methods = new LinkedHashSet<>();
        sent(beans, payloads);
        HandlerTypes.collect(beans, payloads, methods);
        if (ClassUtils.isPresent(TRANSACTIONS, beans.getBeanClassLoader())) {
            methods.addAll(TransactionResources.called(beans));
        }
        if (payloads.isEmpty() && methods.isEmpty()) {
            return null;
        }
        return (context, code) -> {
            ReflectionHints hints = context.getRuntimeHints().reflection();
            new BindingReflectionHintsRegistrar().registerReflectionHints(hints, payloads.toArray(Type[]::new));
            methods.forEach((method) -> hints.registerMethod(method, ExecutableMode.INVOKE));
        };
    }

    private static void sent(ConfigurableListableBeanFactory beans, Set<Type> payloads) {
        for (DependencyDescriptor point : InjectionPoints.find(beans, Binding.class)) {
            try {
                Type payload = BindingInjectionPoint.payload(point);
                if (payload != null) {
                    payloads.add(payload);
                }
            } catch (MechaException wrong) {
                // Reported when the application starts, with all the others.
            }
        }
    }
}
