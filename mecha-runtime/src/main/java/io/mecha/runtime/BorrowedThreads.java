// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** The threads that the JVM has anyway, for short tasks that wait for nobody and do not pay for a thread of their own. */
public final class BorrowedThreads {

    private BorrowedThreads() {}

    /**
     * Run a task soon.
     *
     * @param task must neither block nor throw
     */
    public static void run(Runnable task) {
        ForkJoinPool.commonPool().execute(task);
    }

    /**
     * Run a task later.
     *
     * @param delay how long to wait, in real time
     * @param task must neither block nor throw
     */
    public static void runAfter(Duration delay, Runnable task) {
        CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(task);
    }
}
