// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Pauses between attempts: they grow with each failure up to a limit, and are spread by chance, so that what failed together does not
 * come back together.
 *
 * <p>The pause after failure {@code n} is {@code initial × multiplier^(n - 1)}, at most {@code max}, made shorter or longer by a share
 * of itself.
 */
public final class Backoff {

    private final double initial;
    private final double multiplier;
    private final double max;
    private final double shorter;
    private final double longer;

    private Backoff(double initial, double multiplier, double max, double shorter, double longer) {
        this.initial = initial;
        this.multiplier = multiplier;
        this.max = max;
        this.shorter = shorter;
        this.longer = longer;
    }

    /**
     * Make pauses of which each is twice as long as the one before, without chance.
     *
     * @param initial pause after the first failure
     * @param max longest pause
     * @return pauses
     */
    public static Backoff doubling(Duration initial, Duration max) {
        return of(initial, 2, max);
    }

    /**
     * Make pauses that grow evenly, without chance.
     *
     * @param initial pause after the first failure
     * @param multiplier growth from one to the next; 1 or more
     * @param max longest pause
     * @return pauses
     */
    public static Backoff of(Duration initial, double multiplier, Duration max) {
        return new Backoff(initial.toNanos(), multiplier, max.toNanos(), 0, 0);
    }

    /**
     * Make pauses that do not grow, without chance.
     *
     * @param pause pause after each failure
     * @return pauses
     */
    public static Backoff constant(Duration pause) {
        return of(pause, 1, pause);
    }

    /**
     * Make each pause shorter by chance.
     *
     * @param share the most that is taken away; 0 to 1
     * @return changed pauses
     */
    public Backoff shortened(double share) {
        return new Backoff(initial, multiplier, max, share, 0);
    }

    /**
     * Make each pause shorter or longer by chance.
     *
     * @param share the most that is taken away or added; 0 to 1
     * @return changed pauses
     */
    public Backoff spread(double share) {
        return new Backoff(initial, multiplier, max, share, share);
    }

    /**
     * Return how long to wait.
     *
     * @param failures how often it failed; at least 1
     * @return another pause each time, if chance has a share
     */
    public Duration after(int failures) {
        return Duration.ofNanos(nanos(failures));
    }

    /**
     * Wait on this thread; an interrupt ends the wait and stays.
     *
     * @param failures how often it failed; at least 1
     */
    public void pause(int failures) {
        LockSupport.parkNanos(nanos(failures));
    }

    /**
     * Make a duration shorter by chance, so that many nodes do not do the same at one instant.
     *
     * @param duration the longest there is
     * @param share the most that is taken away; 0 to 1
     * @return a duration of at least a millisecond
     */
    public static Duration shortened(Duration duration, double share) {
        Duration chosen = constant(duration).shortened(share).after(1);
        Duration least = Duration.ofMillis(1);
        return chosen.compareTo(least) < 0 ? least : chosen;
    }

    private long nanos(int failures) {
        double pause = Math.min(max, initial * Math.pow(multiplier, failures - 1.0));
        double share = longer + shorter == 0
                ? 0
                : (longer + shorter) * ThreadLocalRandom.current().nextDouble();
        return (long) (pause * (1 - shorter + share));
    }
}
