// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.time.Duration;
import java.util.Optional;

/**
 * The rule which answers lead to another attempt, and when.
 *
 * @param retries attempts after the first; at least 0
 * @param policy how delays grow
 * @param delay the first delay; positive
 * @param maximumRetryAfter the longest that a call waits because the other side asked for it
 * @implNote Source: Knative Eventing, data plane contract, "Event acknowledgement and delivery retry", for which answers are
 *     retried. The delays are our own.
 */
record RetryRule(int retries, HttpBindingBackend.BackoffPolicy policy, Duration delay, Duration maximumRetryAfter) {

    private static final Duration LONGEST = Duration.ofMinutes(10);
    static final int NO_ANSWER = -1;

    RetryRule {
        if (retries < 0 || retries > 100) {
            throw new IllegalArgumentException("There can be 0 to 100 retries, not %d".formatted(retries));
        }
        if (delay.isNegative() || delay.isZero() || delay.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "The backoff delay must be positive and at most %s, not %s".formatted(LONGEST, delay));
        }
        if (maximumRetryAfter.isNegative()) {
            throw new IllegalArgumentException("The longest Retry-After cannot be %s".formatted(maximumRetryAfter));
        }
    }

    /** Tells whether an answer, or {@link #NO_ANSWER}, may be another one next time. */
    static boolean isTransient(int status) {
        return switch (status) {
            case NO_ANSWER, 404, 408, 409, 429 -> true;
            default -> status >= 500;
        };
    }

    /**
     * Returns when to try again.
     *
     * @param attempts how many failed, at least 1
     * @param asked how long the other side asks to wait, as {@link #bounded} says
     * @return empty to give up
     */
    Optional<Duration> next(int attempts, int status, Duration asked) {
        if (attempts > retries || !isTransient(status)) {
            return Optional.empty();
        }
        Duration own = policy == HttpBindingBackend.BackoffPolicy.LINEAR
                ? delay.multipliedBy(attempts)
                : delay.multipliedBy(1L << Math.min(attempts - 1, 20));
        Duration longer = own.compareTo(asked) > 0 ? own : asked;
        return Optional.of(longer.compareTo(LONGEST) > 0 && asked.compareTo(LONGEST) <= 0 ? LONGEST : longer);
    }

    /** Returns how long a call waits of the time that the other side asks for. */
    Duration bounded(Duration asked) {
        return waits(asked) ? asked : maximumRetryAfter;
    }

    /** Tells whether a call waits until the end of a hold. */
    boolean waits(Duration held) {
        return held.compareTo(maximumRetryAfter) <= 0;
    }
}
