// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.RetryPolicy;
import io.mecha.Thrown;
import io.mecha.runtime.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** A retry policy without open parts. */
final class Retries {

    private final int maxAttempts;
    private final Backoff pauses;
    private final List<Class<? extends Throwable>> notRetryable;

    Retries(RetryPolicy policy) {
        RetryPolicy whole = policy.orElse(RetryPolicy.DEFAULT);
        this.maxAttempts = Objects.requireNonNull(whole.maxAttempts());
        this.pauses = Backoff.of(
                        Objects.requireNonNull(whole.initial()),
                        Objects.requireNonNull(whole.multiplier()),
                        Objects.requireNonNull(whole.max()))
                .spread(Objects.requireNonNull(whole.jitter()));
        this.notRetryable = Objects.requireNonNull(whole.notRetryable());
    }

    int maxAttempts() {
        return maxAttempts;
    }

    /** Returns how long to wait after a number of attempts that failed, at least 1. */
    Duration after(int attempts) {
        return pauses.after(attempts);
    }

    /** Tells whether trying again is of use. */
    boolean retries(Throwable failure) {
        return notRetryable.isEmpty()
                || Thrown.chain(failure).stream()
                        .noneMatch(cause -> notRetryable.stream().anyMatch(type -> type.isInstance(cause)));
    }
}
