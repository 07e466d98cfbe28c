// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy of how often, and after which pauses, something is tried again; each part may be left open.
 *
 * <p>The pause before attempt {@code n + 1} is {@code initial × multiplier^(n - 1)}, at most {@code max}, then spread evenly over
 * {@code ± jitter} of itself.
 *
 * @param maxAttempts attempts in all, the first one included; 1 or more; default 5
 * @param initial first pause; zero or more; default 200 ms
 * @param multiplier growth of the pause; 1 or more; default 2
 * @param max longest pause; default 30 s
 * @param jitter share of the pause that is left to chance; 0 to 1; default 0.2
 * @param notRetryable exceptions, with their subclasses, after which trying again is useless; a cause counts, too; default
 *     none
 * @since 1.0
 */
public record RetryPolicy(
        @Nullable Integer maxAttempts,
        @Nullable Duration initial,
        @Nullable Double multiplier,
        @Nullable Duration max,
        @Nullable Double jitter,
        @Nullable List<Class<? extends Throwable>> notRetryable) {

    /** What applies where nothing is said. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(5, Duration.ofMillis(200), 2.0, Duration.ofSeconds(30), 0.2, List.of());

    private static final RetryPolicy OPEN = new RetryPolicy(null, null, null, null, null, null);

    public RetryPolicy {
        check(maxAttempts == null || maxAttempts >= 1, "maxAttempts", maxAttempts);
        check(initial == null || !initial.isNegative(), "initial", initial);
        check(multiplier == null || (multiplier >= 1 && multiplier <= 1000), "multiplier", multiplier);
        check(max == null || !max.isNegative(), "max", max);
        check(jitter == null || (jitter >= 0 && jitter <= 1), "jitter", jitter);
        notRetryable = notRetryable == null ? null : List.copyOf(notRetryable);
    }

    /**
     * Leave everything as configured.
     *
     * @return a policy without any part
     */
    public static RetryPolicy open() {
        return OPEN;
    }

    /**
     * Say only how often.
     *
     * @param maxAttempts attempts in all; 1 or more
     * @return a policy whose other parts are open
     */
    public static RetryPolicy attempts(int maxAttempts) {
        return new RetryPolicy(maxAttempts, null, null, null, null, null);
    }

    /**
     * Fill in what is open.
     *
     * @param other what applies where this policy says nothing
     * @return a policy that says what either says
     */
    public RetryPolicy orElse(RetryPolicy other) {
        return new RetryPolicy(
                maxAttempts == null ? other.maxAttempts : maxAttempts,
                initial == null ? other.initial : initial,
                multiplier == null ? other.multiplier : multiplier,
                max == null ? other.max : max,
                jitter == null ? other.jitter : jitter,
                notRetryable == null ? other.notRetryable : notRetryable);
    }

    private static void check(boolean valid, String name, @Nullable Object value) {
        if (!valid) {
            throw new IllegalArgumentException("A retry policy cannot have %s %s".formatted(name, value));
        }
    }
}
