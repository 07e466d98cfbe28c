// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.MechaException;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The methods that handle messages and the types of their payloads, as far as they are known ahead of time.
 *
 * @since 1.0
 */
public final class HandlerTypes {

    private HandlerTypes() {}

    /**
     * Collect methods and types without creating beans; methods that are wrong are left out.
     *
     * @param beans the beans
     * @param payloads gets what is received, and what is sent on
     * @param methods gets handlers and fallbacks
     */
    public static void collect(ConfigurableListableBeanFactory beans, Set<Type> payloads, Set<Method> methods) {
        for (AnnotatedBean found : BindingHandlers.scan(beans, false, new MistakeCollector())) {
            found.methods(Binding.class)
                    .keySet()
                    .forEach((method) -> add(method, found.type(), false, payloads, methods));
            found.methods(BindingFallback.class)
                    .keySet()
                    .forEach((method) -> add(method, found.type(), true, payloads, methods));
        }
    }

    private static void add(Method method, Class<?> owner, boolean fallback, Set<Type> payloads, Set<Method> methods) {
        try {
            HandlerParameters parameters = new HandlerParameters(method, owner, fallback);
            methods.add(method);
            payloads.add(parameters.payload());
            HandlerResult result = HandlerResult.of(method, owner);
            if (result.isValue()) {
                payloads.add(result.sent());
            }
        } catch (MechaException wrong) {
            // Reported when the application starts, with all the others.
        }
    }
}
