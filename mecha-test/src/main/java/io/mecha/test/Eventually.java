// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Waiting for what happens soon, as long as it takes and no longer.
 *
 * @since 1.0
 */
public final class Eventually {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private Eventually() {}

    /**
     * Repeat assertions until they hold.
     *
     * @param deadline how long to keep trying; the assertions run at least once
     * @param assertions called again after a few milliseconds while it throws an {@link AssertionError}
     * @throws AssertionError the last one, if the deadline passes
     */
    public static void eventually(Duration deadline, Runnable assertions) {
        long start = System.nanoTime();
        while (true) {
            try {
                assertions.run();
                return;
            } catch (AssertionError failure) {
                if (System.nanoTime() - start > deadline.toNanos()) {
                    throw failure;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /**
     * Wait for real time to pass; for servers whose clock cannot be moved.
     *
     * @param duration at least how long
     */
    public static void letPass(Duration duration) {
        long start = System.nanoTime();
        long left = duration.toNanos();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = duration.toNanos() - (System.nanoTime() - start);
        }
    }
}
