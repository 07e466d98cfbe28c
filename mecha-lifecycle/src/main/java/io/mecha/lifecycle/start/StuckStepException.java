// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import java.util.concurrent.CompletableFuture;

/** The failure of an attempt that took too long and still runs, so that there can be no other one until it has ended. */
public final class StuckStepException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient CompletableFuture<Void> end;

    StuckStepException(StartStep step, CompletableFuture<Void> end) {
        super("It took longer than %s and ignores that its thread was interrupted".formatted(step.timeout()));
        this.end = end;
    }

    /**
     * Tell whether the attempt has ended meanwhile, however late.
     *
     * @return whether there can be another one
     */
    public boolean isOver() {
        return end.isDone();
    }

    /**
     * Do something as soon as the attempt has ended.
     *
     * @param action what to do, on the thread of the attempt, or at once on this one if it has ended
     */
    public void whenOver(Runnable action) {
        CompletableFuture<Void> unused = end.whenComplete((nothing, failure) -> action.run());
    }
}
