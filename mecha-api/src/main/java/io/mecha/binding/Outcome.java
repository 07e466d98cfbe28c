// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a message.
 *
 * @since 1.0
 */
public sealed interface Outcome {

    /**
     * The message was handled.
     *
     * @return the same instance at every call
     */
    static Outcome ack() {
        return Ack.INSTANCE;
    }

    /**
     * Try the message again after the delay of the retry policy; counts as a failed attempt.
     *
     * @return an outcome without a delay of its own
     */
    static Outcome retry() {
        return new Retry(null);
    }

    /**
     * Try the message again after a delay; counts as a failed attempt.
     *
     * @param after how long to wait; zero or more
     * @return an outcome
     */
    static Outcome retry(Duration after) {
        return new Retry(Objects.requireNonNull(after, "after"));
    }

    /**
     * Forget the message: acknowledge it, and count it as dropped.
     *
     * @return the same instance at every call
     */
    static Outcome drop() {
        return Drop.INSTANCE;
    }

    /**
     * Give the message up: fallback is not asked, the dead letter gets it.
     *
     * @param reason why, for readers of the dead letter; must not repeat secrets
     * @return an outcome
     */
    static Outcome deadLetter(String reason) {
        return new DeadLetter(reason);
    }

    /**
     * The message was handled, and here is what it led to: it is sent to {@link SubscriptionSpec#sendTo()} if that is set, or
     * else to the sender of the message if it is a request, and only then is the message acknowledged. Without either it is
     * forgotten.
     *
     * @param result a payload, an {@link Event}, or, for {@code sendTo}, a collection of them, each of which is sent; nothing that is
     *     there only later
     * @return an outcome
     */
    static Outcome reply(Object result) {
        return new Reply(result);
    }

    /** The message is handled. */
    record Ack() implements Outcome {
        private static final Ack INSTANCE = new Ack();
    }

    /**
     * Another attempt with the message.
     *
     * @param after how long to wait; {@code null} for the delay of the retry policy
     */
    record Retry(@Nullable Duration after) implements Outcome {

        public Retry {
            if (after != null && after.isNegative()) {
                throw new IllegalArgumentException("A retry cannot wait %s".formatted(after));
            }
        }
    }

    /** The end of the message, without a dead letter. */
    record Drop() implements Outcome {
        private static final Drop INSTANCE = new Drop();
    }

    /**
     * The end of all attempts: the message goes to the dead letter.
     *
     * @param reason why
     */
    record DeadLetter(String reason) implements Outcome {

        public DeadLetter {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * The message is handled, with a result.
     *
     * @param result a payload, an event, or a collection of them
     */
    record Reply(Object result) implements Outcome {

        public Reply {
            Objects.requireNonNull(result, "result");
            if (result instanceof CompletionStage || result instanceof Future) {
                throw new IllegalArgumentException(
                        "A %s is not awaited as a result: subscribe an AsyncHandler, or reply with its value"
                                .formatted(result.getClass().getSimpleName()));
            }
        }
    }
}
