// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.autoconfigure.handler.BeanMethod;
import io.mecha.autoconfigure.handler.HandlerInvoker;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.binding.event.EventTypes;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.core.ResolvableType;

/**
 * A method that handles messages, and what it can be called with.
 *
 * @param declared the method where its annotation and its types are
 * @param parameters what it takes
 * @param result what it returns
 * @param invoker calls it
 */
record HandlerMethod(Method declared, HandlerParameters parameters, HandlerResult result, HandlerInvoker invoker) {

    /**
     * Prepares a method.
     *
     * @param method a method of a bean
     * @param fallback whether it is a fallback
     * @throws io.mecha.InvalidConfigurationException if messages cannot be passed to it
     */
    static HandlerMethod of(BeanMethod method, boolean fallback) {
        Method declared = method.declared();
        HandlerResult result = HandlerResult.of(declared, method.owner());
        if (!result.later() && method.runsElsewhere()) {
            throw BindingHandlerMistakes.CODES.signature(
                    declared,
                    "It is asynchronous, so that its messages would be acknowledged before it ran.",
                    "Remove @Async: handlers run on threads of their own. Or return a CompletableFuture.");
        }
        HandlerParameters parameters = new HandlerParameters(declared, method.owner(), fallback);
        return new HandlerMethod(declared, parameters, result, method.invoker(parameters.readers()));
    }

    String place() {
        return HandlerMistakes.place(declared);
    }

    Class<?> rawPayload() {
        return ResolvableType.forType(parameters.payload()).resolve(Object.class);
    }

    /** Returns the event types that the type of the payload stands for; empty if it stands for every type. */
    List<String> payloadTypes() {
        Class<?> raw = rawPayload();
        if (parameters.ignoresPayload() || raw == Object.class || raw == byte[].class) {
            return List.of();
        }
        Type payload = parameters.payload();
        // A sender of any object sees the class alone; of a collection it says nothing.
        Stream<Type> types = raw.getName().startsWith("java.") ? Stream.of(payload) : Stream.of(payload, raw);
        return types.flatMap((type) -> Stream.of(EventTypes.of(type), EventTypes.earlier(type)))
                .distinct()
                .toList();
    }
}
