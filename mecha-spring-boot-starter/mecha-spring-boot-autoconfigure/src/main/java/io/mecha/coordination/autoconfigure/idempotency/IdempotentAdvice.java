// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.autoconfigure.advice.AdvisedMethod;
import io.mecha.autoconfigure.advice.MethodExpression;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.autoconfigure.handler.LaterResults;
import io.mecha.codec.Codec;
import io.mecha.coordination.CallInProgressException;
import io.mecha.coordination.Idempotent;
import io.mecha.coordination.InvalidIdempotencyKeyException;
import io.mecha.coordination.ResultLostException;
import io.mecha.coordination.idempotency.Admission;
import io.mecha.coordination.idempotency.Execution;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.expression.EvaluationException;
import org.springframework.util.function.SingletonSupplier;

/** The advice of a method that is run once for each key, outside of its transactions. */
final class IdempotentAdvice implements MethodInterceptor {

    private static final Duration FIRST_REST = Duration.ofMillis(20);
    private static final Duration LONGEST_REST = Duration.ofMillis(500);
    private static final int LONGEST_KEY = 255;
    private static final byte[] NO_FINGERPRINT = {};

    private final AdvisedMethod<Idempotent> method;
    private final MethodExpression key;
    private final @Nullable Duration timeToLive;
    private final SingletonSupplier<IdempotentCalls> calls;
    private final String place;
    private final String scope;
    private volatile @Nullable MethodCall known;

    IdempotentAdvice(
            AdvisedMethod<Idempotent> method,
            MethodExpression key,
            @Nullable Duration timeToLive,
            SingletonSupplier<IdempotentCalls> calls) {
        this.method = method;
        this.key = key;
        this.timeToLive = timeToLive;
        this.calls = calls;
        this.place = HandlerMistakes.place(method.method());
        this.scope = "method %s.%s(%s)"
                .formatted(
                        method.owner().getName(),
                        method.method().getName(),
                        Arrays.stream(method.method().getParameterTypes())
                                .map(Class::getName)
                                .collect(Collectors.joining(",")));
    }

    String place() {
        return place;
    }

    /** Finds what calls need; throws {@code InvalidConfigurationException} if the result cannot be kept. */
    MethodCall prepare(IdempotentCalls engine) {
        MethodCall call = known;
        if (call == null) {
            ResolvableType returned = ResolvableType.forMethodReturnType(method.method(), method.owner());
            boolean optional = returned.resolve(Object.class) == Optional.class;
            call = new MethodCall(
                    codec(optional ? returned.getGeneric() : returned, engine),
                    optional,
                    engine.transactions().isTransactional(method.method(), method.owner()));
            known = call;
        }
        return call;
    }

    private @Nullable Codec<Object> codec(ResolvableType value, IdempotentCalls engine) {
        if (LaterResults.isNothing(value)) {
            return null;
        }
        try {
            return engine.store().codec(value.getType());
        } catch (IllegalArgumentException unwritable) {
            throw IdempotentAdvices.CODES.signature(
                    method.method(),
                    "Its result cannot be kept: %s".formatted(unwritable.getMessage()),
                    "Return a type that the codecs of the application can write and read.");
        }
    }

    @Override
    public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
        IdempotentCalls engine = calls.obtain();
        MethodCall call = prepare(engine);
        String name = CallNames.key(engine.application(), scope, key(invocation.getArguments()));
        Admission admission = begin(engine, name);
        if (admission instanceof Admission.Run run) {
            try (Execution execution = run.execution()) {
                return new MethodRun(engine, method, call, place, invocation, execution).run();
            }
        }
        if (admission instanceof Admission.Replay replay) {
            return call.decode(replay.result());
        }
        throw new ResultLostException(place);
    }

    private String key(@Nullable Object[] arguments) {
        String text;
        try {
            text = key.evaluate(arguments);
        } catch (EvaluationException failure) {
            throw new InvalidIdempotencyKeyException(place, "cannot be read from the arguments", failure);
        }
        if (text == null) {
            throw new InvalidIdempotencyKeyException(place, "is null", null);
        }
        if (text.isBlank() || text.length() > LONGEST_KEY) {
            throw new InvalidIdempotencyKeyException(
                    place, text.isBlank() ? "is blank" : "has %d characters".formatted(text.length()), null);
        }
        return text;
    }

    private Admission begin(IdempotentCalls engine, String name) {
        Duration left = engine.patience();
        Duration rest = FIRST_REST;
        while (true) {
            Admission admission =
                    engine.engine().begin(name, NO_FINGERPRINT, timeToLive == null ? engine.timeToLive() : timeToLive);
            if (!(admission instanceof Admission.Running running)) {
                return admission;
            }
            rest = rest.compareTo(left) > 0 ? left : rest;
            if (left.isZero() || isInterrupted(rest)) {
                throw new CallInProgressException(place, running.remaining());
            }
            left = left.minus(rest);
            rest = rest.multipliedBy(2).compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest.multipliedBy(2);
        }
    }

    private static boolean isInterrupted(Duration rest) {
        try {
            return new Semaphore(0).tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
