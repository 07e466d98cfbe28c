// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.RetryPolicy;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Options of receiving; each part may be left open, and is then as configured for the channel.
 *
 * <p>Immutable. The same as the properties under {@code mecha.bindings.channels.<name>.in}.
 *
 * @since 1.0
 */
public final class SubscriptionOptions {

    private static final SubscriptionOptions NONE = new Builder().build();

    private final @Nullable String group;
    private final @Nullable Integer concurrency;
    private final @Nullable Ordering ordering;
    private final @Nullable StartAt startAt;
    private final @Nullable Duration timeout;
    private final @Nullable Duration drainTimeout;
    private final @Nullable RetryPolicy retry;
    private final @Nullable String deadLetter;
    private final @Nullable Inbox inbox;
    private final @Nullable Filter filter;
    private final @Nullable Integer prefetch;
    private final @Nullable Integer batchSize;
    private final @Nullable Duration batchLinger;
    private final @Nullable Double rate;
    private final @Nullable Boolean autoStart;

    private SubscriptionOptions(Builder builder) {
        this.group = builder.group;
        this.concurrency = builder.concurrency;
        this.ordering = builder.ordering;
        this.startAt = builder.startAt;
        this.timeout = builder.timeout;
        this.drainTimeout = builder.drainTimeout;
        this.retry = builder.retry;
        this.deadLetter = builder.deadLetter;
        this.inbox = builder.inbox;
        this.filter = builder.filter;
        this.prefetch = builder.prefetch;
        this.batchSize = builder.batchSize;
        this.batchLinger = builder.batchLinger;
        this.rate = builder.rate;
        this.autoStart = builder.autoStart;
    }

    /**
     * The memory of handled events, so that one that is delivered again is acknowledged without calling the handler.
     *
     * @param store name of the state store that remembers
     * @param timeToLive how long it remembers; positive
     */
    public record Inbox(String store, Duration timeToLive) {

        public Inbox {
            Objects.requireNonNull(store, "store");
            if (timeToLive.isNegative() || timeToLive.isZero()) {
                throw new IllegalArgumentException("The time to live of an inbox cannot be %s".formatted(timeToLive));
            }
        }
    }

    /**
     * Leave everything as configured.
     *
     * @return options without any part
     */
    public static SubscriptionOptions none() {
        return NONE;
    }

    /**
     * Begin with nothing said.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Fill in what is open.
     *
     * @param other what applies where these options say nothing
     * @return options that say what either says
     */
    public SubscriptionOptions orElse(SubscriptionOptions other) {
        Builder merged = new Builder();
        merged.group = pick(other, options -> options.group);
        merged.concurrency = pick(other, options -> options.concurrency);
        merged.ordering = pick(other, options -> options.ordering);
        merged.startAt = pick(other, options -> options.startAt);
        merged.timeout = pick(other, options -> options.timeout);
        merged.drainTimeout = pick(other, options -> options.drainTimeout);
        merged.deadLetter = pick(other, options -> options.deadLetter);
        merged.inbox = pick(other, options -> options.inbox);
        merged.filter = pick(other, options -> options.filter);
        merged.prefetch = pick(other, options -> options.prefetch);
        merged.batchSize = pick(other, options -> options.batchSize);
        merged.batchLinger = pick(other, options -> options.batchLinger);
        merged.rate = pick(other, options -> options.rate);
        merged.autoStart = pick(other, options -> options.autoStart);
        merged.retry = retry == null || other.retry == null ? pick(other, o -> o.retry) : retry.orElse(other.retry);
        return merged.build();
    }

    private <P> @Nullable P pick(SubscriptionOptions other, Function<SubscriptionOptions, @Nullable P> part) {
        P mine = part.apply(this);
        return mine == null ? part.apply(other) : mine;
    }

    /**
     * Return the group.
     *
     * @return the group, if said
     */
    public Optional<String> group() {
        return Optional.ofNullable(group);
    }

    /**
     * Return how many messages are handled at once on this node.
     *
     * @return 1 to 10,000, if said; default 1
     */
    public Optional<Integer> concurrency() {
        return Optional.ofNullable(concurrency);
    }

    /**
     * Return which messages wait for each other.
     *
     * @return the ordering, if said; default {@code NONE}
     */
    public Optional<Ordering> ordering() {
        return Optional.ofNullable(ordering);
    }

    /**
     * Return where a new group begins.
     *
     * @return the start, if said; default {@code EARLIEST}
     */
    public Optional<StartAt> startAt() {
        return Optional.ofNullable(startAt);
    }

    /**
     * Return how long a handler may take.
     *
     * @return a positive duration, if said; default without limit
     */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /**
     * Return how long closing waits for handlers that run.
     *
     * @return zero or more, if said; default 20 s
     */
    public Optional<Duration> drainTimeout() {
        return Optional.ofNullable(drainTimeout);
    }

    /**
     * Return how a failed message is tried again.
     *
     * @return the policy, if said; default {@link RetryPolicy#DEFAULT}
     */
    public Optional<RetryPolicy> retry() {
        return Optional.ofNullable(retry);
    }

    /**
     * Return the channel that gets what failed for the last time.
     *
     * @return name of a channel, or {@code none}, if said; default {@code <channel>.dead} where the backend keeps messages
     */
    public Optional<String> deadLetter() {
        return Optional.ofNullable(deadLetter);
    }

    /**
     * Return what remembers handled events.
     *
     * @return the inbox, if said; default none
     */
    public Optional<Inbox> inbox() {
        return Optional.ofNullable(inbox);
    }

    /**
     * Return the filter of the whole subscription.
     *
     * @return the filter, if said; default none
     */
    public Optional<Filter> filter() {
        return Optional.ofNullable(filter);
    }

    /**
     * Return how many messages this node takes from the backend before it has finished earlier ones.
     *
     * @return 1 to 100,000, if said; default the greater of 256 and twice the concurrency
     */
    public Optional<Integer> prefetch() {
        return Optional.ofNullable(prefetch);
    }

    /**
     * Return how many messages a batch has at most.
     *
     * @return 1 to 10,000, if said; default 100
     */
    public Optional<Integer> batchSize() {
        return Optional.ofNullable(batchSize);
    }

    /**
     * Return how long an incomplete batch waits for more.
     *
     * @return zero or more, if said; default 20 ms
     */
    public Optional<Duration> batchLinger() {
        return Optional.ofNullable(batchLinger);
    }

    /**
     * Return how many messages a second are handled at most on this node.
     *
     * @return more than zero, if said; default without limit
     */
    public Optional<Double> rate() {
        return Optional.ofNullable(rate);
    }

    /**
     * Return whether to receive at once.
     *
     * @return {@code false} to begin paused, if said; default {@code true}
     */
    public Optional<Boolean> autoStart() {
        return Optional.ofNullable(autoStart);
    }

    /**
     * A builder of options.
     *
     * @since 1.0
     */
    public static final class Builder {

        private @Nullable String group;
        private @Nullable Integer concurrency;
        private @Nullable Ordering ordering;
        private @Nullable StartAt startAt;
        private @Nullable Duration timeout;
        private @Nullable Duration drainTimeout;
        private @Nullable RetryPolicy retry;
        private @Nullable String deadLetter;
        private @Nullable Inbox inbox;
        private @Nullable Filter filter;
        private @Nullable Integer prefetch;
        private @Nullable Integer batchSize;
        private @Nullable Duration batchLinger;
        private @Nullable Double rate;
        private @Nullable Boolean autoStart;

        private Builder() {}

        /**
         * Set the group.
         *
         * @param group the group; {@code null} leaves it open
         * @return this builder
         */
        public Builder group(@Nullable String group) {
            this.group = group;
            return this;
        }

        /**
         * Set how many messages are handled at once on this node.
         *
         * @param concurrency 1 to 10,000; {@code null} leaves it open
         * @return this builder
         */
        public Builder concurrency(@Nullable Integer concurrency) {
            check(concurrency == null || (concurrency >= 1 && concurrency <= 10_000), "concurrency", concurrency);
            this.concurrency = concurrency;
            return this;
        }

        /**
         * Set which messages wait for each other.
         *
         * @param ordering the ordering; {@code null} leaves it open
         * @return this builder
         */
        public Builder ordering(@Nullable Ordering ordering) {
            this.ordering = ordering;
            return this;
        }

        /**
         * Set where a new group begins.
         *
         * @param startAt the start; {@code null} leaves it open
         * @return this builder
         */
        public Builder startAt(@Nullable StartAt startAt) {
            this.startAt = startAt;
            return this;
        }

        /**
         * Set how long a handler may take.
         *
         * @param timeout positive; {@code null} leaves it open
         * @return this builder
         */
        public Builder timeout(@Nullable Duration timeout) {
            check(timeout == null || timeout.compareTo(Duration.ZERO) > 0, "timeout", timeout);
            this.timeout = timeout;
            return this;
        }

        /**
         * Set how long closing waits for handlers that run.
         *
         * @param drainTimeout zero or more; {@code null} leaves it open
         * @return this builder
         */
        public Builder drainTimeout(@Nullable Duration drainTimeout) {
            check(drainTimeout == null || !drainTimeout.isNegative(), "drainTimeout", drainTimeout);
            this.drainTimeout = drainTimeout;
            return this;
        }

        /**
         * Set how a failed message is tried again.
         *
         * @param retry the policy; {@code null} leaves it open
         * @return this builder
         */
        public Builder retry(@Nullable RetryPolicy retry) {
            this.retry = retry;
            return this;
        }

        /**
         * Set the channel that gets what failed for the last time.
         *
         * @param deadLetter name of a channel, or {@code none}; {@code null} leaves it open
         * @return this builder
         */
        public Builder deadLetter(@Nullable String deadLetter) {
            this.deadLetter = deadLetter;
            return this;
        }

        /**
         * Set what remembers handled events.
         *
         * @param inbox the inbox; {@code null} leaves it open
         * @return this builder
         */
        public Builder inbox(@Nullable Inbox inbox) {
            this.inbox = inbox;
            return this;
        }

        /**
         * Set the filter of the whole subscription.
         *
         * @param filter the filter; {@code null} leaves it open
         * @return this builder
         */
        public Builder filter(@Nullable Filter filter) {
            this.filter = filter;
            return this;
        }

        /**
         * Set how many messages this node takes before it has finished earlier ones.
         *
         * @param prefetch 1 to 100,000; {@code null} leaves it open
         * @return this builder
         */
        public Builder prefetch(@Nullable Integer prefetch) {
            check(prefetch == null || (prefetch >= 1 && prefetch <= 100_000), "prefetch", prefetch);
            this.prefetch = prefetch;
            return this;
        }

        /**
         * Set how many messages a batch has at most.
         *
         * @param batchSize 1 to 10,000; {@code null} leaves it open
         * @return this builder
         */
        public Builder batchSize(@Nullable Integer batchSize) {
            check(batchSize == null || (batchSize >= 1 && batchSize <= 10_000), "batchSize", batchSize);
            this.batchSize = batchSize;
            return this;
        }

        /**
         * Set how long an incomplete batch waits for more.
         *
         * @param batchLinger zero or more; {@code null} leaves it open
         * @return this builder
         */
        public Builder batchLinger(@Nullable Duration batchLinger) {
            check(batchLinger == null || !batchLinger.isNegative(), "batchLinger", batchLinger);
            this.batchLinger = batchLinger;
            return this;
        }

        /**
         * Set how many messages a second are handled at most on this node.
         *
         * @param rate more than zero; {@code null} leaves it open
         * @return this builder
         */
        public Builder rate(@Nullable Double rate) {
            check(rate == null || rate > 0, "rate", rate);
            this.rate = rate;
            return this;
        }

        /**
         * Set whether to receive at once.
         *
         * @param autoStart {@code false} to begin paused; {@code null} leaves it open
         * @return this builder
         */
        public Builder autoStart(@Nullable Boolean autoStart) {
            this.autoStart = autoStart;
            return this;
        }

        /**
         * Finish.
         *
         * @return the options
         */
        public SubscriptionOptions build() {
            return new SubscriptionOptions(this);
        }

        private static void check(boolean valid, String name, @Nullable Object value) {
            if (!valid) {
                throw new IllegalArgumentException("A subscription cannot have %s %s".formatted(name, value));
            }
        }
    }
}
