// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.autoconfigure.advice.AdvisedMethod;
import io.mecha.autoconfigure.handler.LaterResults;
import io.mecha.coordination.CallOvertakenException;
import io.mecha.coordination.Idempotent;
import io.mecha.coordination.idempotency.Execution;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first call of a method with its key. */
final class MethodRun {

    private static final Logger logger = LoggerFactory.getLogger(MethodRun.class);

    private final IdempotentCalls engine;
    private final AdvisedMethod<Idempotent> method;
    private final MethodCall call;
    private final String place;
    private final MethodInvocation invocation;
    private final Execution execution;
    private @Nullable Object result;
    private boolean kept;

    MethodRun(
            IdempotentCalls engine,
            AdvisedMethod<Idempotent> method,
            MethodCall call,
            String place,
            MethodInvocation invocation,
            Execution execution) {
        this.engine = engine;
        this.method = method;
        this.call = call;
        this.place = place;
        this.invocation = invocation;
        this.execution = execution;
    }

    @Nullable Object run() throws Throwable {
        if (call.transactional()) {
            boolean committed = engine.transactions()
                    .call(method.method(), method.owner(), execution, this::proceed, this::keepInTransaction);
            // The caller gets what a method returns that has demanded the rollback; nothing is remembered of it.
            if (committed && !kept) {
                keepAlone();
            }
        } else {
            engine.transactions().marking(execution, this::proceed);
            keepInTransaction();
            if (!kept) {
                keepAlone();
            }
        }
        return result;
    }

    private void proceed() throws Throwable {
        result = invocation.proceed();
        if (result != null && LaterResults.is(result)) {
            throw LaterResults.unawaited(result);
        }
    }

    private void keepInTransaction() {
        if (engine.engine().joins()) {
            keep();
            kept = true;
        }
    }

    private void keep() {
        keep(call.encode(result));
    }

    private void keep(byte[] bytes) {
        if (!execution.complete(bytes)) {
            logger.warn(
                    "The result of {} is too large for the state store and is not kept: a call with the same key is told that it is"
                            + " lost. Return less, or set {}.store to another.",
                    place,
                    IdempotencyProperties.PREFIX);
        }
    }

    /** The work is done, so that the caller gets its result even where it cannot be kept. */
    private void keepAlone() {
        try {
            keepWhatCanBeWritten();
        } catch (CallOvertakenException overtaken) {
            throw overtaken;
        } catch (RuntimeException failure) { // allow CatchException: the call was done
            logger.warn(
                    "The result of {} could not be kept yet, and that is tried again; until then the call counts as running: {}",
                    place,
                    failure.getMessage());
        }
    }

    private void keepWhatCanBeWritten() {
        byte[] bytes;
        try {
            bytes = call.encode(result);
        } catch (RuntimeException unwritable) { // allow CatchException: the call was done
            logger.warn(
                    "The result of {} cannot be written and is not kept: a call with the same key is told that it is lost: {}",
                    place,
                    unwritable.getMessage());
            execution.completeWithoutResult();
            return;
        }
        keep(bytes);
    }
}
