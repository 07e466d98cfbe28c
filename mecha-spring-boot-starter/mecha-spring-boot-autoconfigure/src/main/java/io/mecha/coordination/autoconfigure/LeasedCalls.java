// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.autoconfigure.handler.LaterResults;
import io.mecha.coordination.CurrentLease;
import io.mecha.coordination.HeldLease;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/** The calls of one method under a lease: its parameters, its result, and when the call is over. */
final class LeasedCalls {

    private static final String AWAITED = "Return a CompletableFuture, or do the work before it returns.";

    private final LeaseParameters parameters;
    private final Class<?> returned;

    private LeasedCalls(LeaseParameters parameters, Class<?> returned) {
        this.parameters = parameters;
        this.returned = returned;
    }

    /**
     * Checks a method.
     *
     * @param method a method with an annotation
     * @param lease type of the lease
     * @param skipped whether calls may be left out
     * @throws io.mecha.InvalidConfigurationException if nobody would know when a call is over, or what one returns that is left out
     */
    static LeasedCalls of(Method method, Class<? extends HeldLease> lease, boolean skipped) {
        Class<?> returned = method.getReturnType();
        boolean stage = CompletionStage.class.isAssignableFrom(returned);
        if (!stage && LaterResults.value(ResolvableType.forMethodReturnType(method)) != null) {
            throw CoordinationMistakes.METHODS.signature(
                    method,
                    "It returns a %s, whose work begins when the method has returned."
                            .formatted(returned.getSimpleName()),
                    AWAITED);
        }
        if (!stage) {
            LaterResults.check(CoordinationMistakes.METHODS, method, List.of(returned), AWAITED);
        }
        if (skipped && returned.isPrimitive() && returned != void.class) {
            throw CoordinationMistakes.METHODS.signature(
                    method,
                    "It returns %s, and there is none for a call that is left out.".formatted(returned.getSimpleName()),
                    "Return nothing, an object or an Optional.");
        }
        return new LeasedCalls(LeaseParameters.of(method, lease), returned);
    }

    /** Returns the result of a call that is left out. */
    @Nullable Object skipped() {
        if (returned == Optional.class) {
            return Optional.empty();
        }
        return CompletionStage.class.isAssignableFrom(returned) ? CompletableFuture.completedFuture(null) : null;
    }

    /**
     * Makes the call.
     *
     * @param call the call
     * @param lease under what it runs
     * @param end runs once, when the call and its asynchronous result are over
     */
    @Nullable Object call(MethodInvocation call, HeldLease lease, Runnable end) throws Throwable {
        boolean later = false;
        try {
            parameters.fill(call, lease);
            Object result = CurrentLease.<@Nullable Object>call(lease, () -> proceed(call));
            if (result instanceof CompletionStage<?> stage && CompletionStage.class.isAssignableFrom(returned)) {
                later = true;
                return stage.whenComplete((value, failure) -> end.run());
            }
            return result;
        } finally {
            if (!later) {
                end.run();
            }
        }
    }

    private static @Nullable Object proceed(MethodInvocation call) throws Exception {
        try {
            return call.proceed();
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable neither) {
            throw new UndeclaredThrowableException(neither);
        }
    }
}
