// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.advice.AdvisedMethod;
import io.mecha.autoconfigure.advice.MethodExpression;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.HandlerAttributes;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.autoconfigure.handler.LaterResults;
import io.mecha.coordination.Idempotent;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.env.PropertyResolver;
import org.springframework.util.function.SingletonSupplier;

/** The advices of all methods with {@code @Idempotent}, made with their beans. */
final class IdempotentAdvices {

    static final HandlerMistakes CODES = new HandlerMistakes("MECHA-K411", "MECHA-K412", "MECHA-K412");

    static final String REQUEST_MAPPING =
            "org.springframework.web.bind.annotation.RequestMapping"; // allow ClassName: optional at run time

    private static final String HANDLED = "org.springframework.web.servlet.mvc.method.annotation.";
    private static final String ASYNCHRONOUS = "org.springframework.web.context.request.async.";

    /** Types of responses that are written after the handler has returned, or piece by piece. */
    private static final Set<String> STREAMS = Set.of(
            HANDLED + "ResponseBodyEmitter",
            HANDLED + "StreamingResponseBody",
            ASYNCHRONOUS + "DeferredResult",
            ASYNCHRONOUS + "WebAsyncTask");

    private final PropertyResolver placeholders;
    private final SingletonSupplier<IdempotentCalls> calls;
    private final Queue<IdempotentAdvice> made = new ConcurrentLinkedQueue<>();
    private final Queue<Method> ofHeader = new ConcurrentLinkedQueue<>();

    IdempotentAdvices(PropertyResolver placeholders, ObjectProvider<IdempotentCalls> calls) {
        this.placeholders = placeholders;
        this.calls = SingletonSupplier.of(calls::getObject);
    }

    /** Makes the advice of a method; {@code null} for a handler of web requests, whose calls the header names. */
    @Nullable MethodInterceptor advice(AdvisedMethod<Idempotent> method) {
        MistakeCollector mistakes = new MistakeCollector();
        Duration timeToLive = timeToLive(method, mistakes);
        IdempotentAdvice advice = null;
        try {
            if (method.annotation().key().isEmpty()) {
                checkWebHandler(method);
                ofHeader.add(method.method());
            } else {
                advice = advice(method, timeToLive);
                made.add(advice);
            }
        } catch (InvalidConfigurationException wrong) {
            mistakes.add(HandlerMistakes.place(method.method()), wrong);
        }
        mistakes.throwIfAny();
        return advice;
    }

    private IdempotentAdvice advice(AdvisedMethod<Idempotent> method, @Nullable Duration timeToLive) {
        ResolvableType returned = ResolvableType.forMethodReturnType(method.method(), method.owner());
        LaterResults.check(
                CODES,
                method.method(),
                List.of(returned.resolve(Object.class)),
                "Return the result itself, and do the work before the method returns.");
        MethodExpression key = MethodExpression.expression(
                CODES, method.method(), "key", method.annotation().key());
        return new IdempotentAdvice(method, key, timeToLive, calls);
    }

    private @Nullable Duration timeToLive(AdvisedMethod<Idempotent> method, MistakeCollector mistakes) {
        @Nullable Duration[] chosen = {null};
        new HandlerAttributes(CODES, method.method(), placeholders, mistakes)
                .duration("timeToLive", method.annotation().timeToLive(), (duration) -> {
                    if (!IdempotencyProperties.isTimeToLive(duration)) {
                        throw new IllegalArgumentException("out of bounds");
                    }
                    chosen[0] = duration;
                });
        return chosen[0];
    }

    private static void checkWebHandler(AdvisedMethod<Idempotent> method) {
        if (!MergedAnnotations.from(method.method(), SearchStrategy.TYPE_HIERARCHY)
                .isPresent(REQUEST_MAPPING)) {
            throw CODES.attribute(
                    method.method(),
                    "key",
                    "It is empty, and the method is no handler of web requests.",
                    "Write what names the call, as in @Idempotent(key = \"#request.id\").");
        }
        ResolvableType returned = ResolvableType.forMethodReturnType(method.method(), method.owner());
        if (isStream(returned)) {
            throw CODES.signature(
                    method.method(),
                    "It returns a %s, whose response is not there when it returns and cannot be kept."
                            .formatted(returned.resolve(Object.class).getSimpleName()),
                    "Return the response, or remove @Idempotent.");
        }
    }

    /** Tells whether a response is written later than its handler returns, or piece by piece. */
    static boolean isStream(ResolvableType returned) {
        Class<?> raw = returned.resolve(Object.class);
        return LaterResults.value(returned) != null
                || Callable.class.isAssignableFrom(raw)
                || Stream.concat(
                                Stream.<Class<?>>iterate(raw, (type) -> type != null, Class::getSuperclass),
                                Arrays.stream(raw.getInterfaces()))
                        .anyMatch((type) -> STREAMS.contains(type.getName()))
                || (returned.hasGenerics() && isStream(returned.getGeneric()));
    }

    /** Returns those of the beans that were made so far. */
    Queue<IdempotentAdvice> made() {
        return made;
    }

    /** Returns the handlers whose calls the header names, of the beans that were made so far. */
    Queue<Method> ofHeader() {
        return ofHeader;
    }
}
