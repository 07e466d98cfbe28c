// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.Thrown;
import io.mecha.binding.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** A retry policy without open parts. */
final class Retries {

    private final int maxAttempts;
    private final double initial;
    private final double multiplier;
    private final double max;
    private final double jitter;
    private final List<Class<? extends Throwable>> notRetryable;

    Retries(RetryPolicy policy) {
        RetryPolicy whole = policy.orElse(RetryPolicy.DEFAULT);
        this.maxAttempts = Objects.requireNonNull(whole.maxAttempts());
        this.initial = Objects.requireNonNull(whole.initial()).toNanos();
        this.multiplier = Objects.requireNonNull(whole.multiplier());
        this.max = Objects.requireNonNull(whole.max()).toNanos();
        this.jitter = Objects.requireNonNull(whole.jitter());
        this.notRetryable = Objects.requireNonNull(whole.notRetryable());
    }

    int maxAttempts() {
        return maxAttempts;
    }

    /** Returns how long to wait after a number of attempts that failed, at least 1. */
    Duration after(int attempts) {
        double pause = Math.min(max, initial * Math.pow(multiplier, attempts - 1.0));
        double spread = jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return Duration.ofNanos((long) (pause + pause * spread));
    }

    /** Tells whether trying again is of use. */
    boolean retries(Throwable failure) {
        return notRetryable.isEmpty()
                || Thrown.chain(failure).stream()
                        .noneMatch(cause -> notRetryable.stream().anyMatch(type -> type.isInstance(cause)));
    }
}
