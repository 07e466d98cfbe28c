// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import io.mecha.codec.GenericType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A specification of what to receive from a channel, and how.
 *
 * <p>What is not said is as configured for the channel. Subscriptions of one node to the same channel and group share one
 * consumer: each message goes to the first of them whose types and filters take it; what none takes is acknowledged. The more
 * specific are asked first: those that name types, then those that filter, then in the order of subscription.
 *
 * @param <T> type of the payload
 * @since 1.0
 */
public final class SubscriptionSpec<T> {

    private final String channel;
    private final Type payload;
    private final List<String> types;
    private final List<Filter> filters;
    private final SubscriptionOptions options;
    private final @Nullable FallbackHandler<? super T> fallback;
    private final @Nullable String sendTo;

    private SubscriptionSpec(Builder<T> builder) {
        this.channel = builder.channel;
        this.payload = builder.payload;
        this.types = List.copyOf(builder.types);
        this.filters = List.copyOf(builder.filters);
        this.options = builder.options;
        this.fallback = builder.fallback;
        this.sendTo = builder.sendTo;
    }

    /**
     * Begin a specification for payloads of a class.
     *
     * @param <T> type of the payload
     * @param channel name of the channel
     * @param payload class of the payload; {@code byte[].class} for the bytes as they are
     * @return a builder
     */
    public static <T> Builder<T> of(String channel, Class<T> payload) {
        return new Builder<>(channel, payload);
    }

    /**
     * Begin a specification for payloads of a generic type.
     *
     * @param <T> type of the payload
     * @param channel name of the channel
     * @param payload type of the payload
     * @return a builder
     */
    public static <T> Builder<T> of(String channel, GenericType<T> payload) {
        return new Builder<>(channel, payload.type());
    }

    /**
     * Begin a specification for payloads of a type that is known only by reflection.
     *
     * @param channel name of the channel
     * @param payload type of the payload
     * @return a builder
     */
    public static Builder<Object> of(String channel, Type payload) {
        return new Builder<>(channel, payload);
    }

    /**
     * Return the name of the channel.
     *
     * @return name of the channel
     */
    public String channel() {
        return channel;
    }

    /**
     * Return the type of the payload.
     *
     * @return the type, with its arguments
     */
    public Type payload() {
        return payload;
    }

    /**
     * Return the event types to receive.
     *
     * @return exact types; empty for all
     */
    public List<String> types() {
        return types;
    }

    /**
     * Return the filters, all of which an event must pass.
     *
     * @return the filters; empty for none
     */
    public List<Filter> filters() {
        return filters;
    }

    /**
     * Return how to receive.
     *
     * @return the options that differ from the channel's
     */
    public SubscriptionOptions options() {
        return options;
    }

    /**
     * Return what is called before the dead letter.
     *
     * @return the fallback, or {@code null}
     */
    public @Nullable FallbackHandler<? super T> fallback() {
        return fallback;
    }

    /**
     * Return where results are sent, {@link Outcome#reply(Object)}.
     *
     * @return name of a channel, or {@code null}
     */
    public @Nullable String sendTo() {
        return sendTo;
    }

    /**
     * A builder of a specification.
     *
     * @param <T> type of the payload
     * @since 1.0
     */
    public static final class Builder<T> {

        private final String channel;
        private final Type payload;
        private final List<String> types = new ArrayList<>();
        private final List<Filter> filters = new ArrayList<>();
        private SubscriptionOptions options = SubscriptionOptions.none();
        private @Nullable FallbackHandler<? super T> fallback;
        private @Nullable String sendTo;

        private Builder(String channel, Type payload) {
            this.channel = Objects.requireNonNull(channel, "channel");
            this.payload = Objects.requireNonNull(payload, "payload");
        }

        /**
         * Receive events of these types only.
         *
         * @param types exact types, in addition to those named before
         * @return this builder
         */
        public Builder<T> types(String... types) {
            this.types.addAll(List.of(types));
            return this;
        }

        /**
         * Receive events that pass a filter only.
         *
         * @param filter the filter, in addition to those set before
         * @return this builder
         */
        public Builder<T> filter(Filter filter) {
            filters.add(Objects.requireNonNull(filter, "filter"));
            return this;
        }

        /**
         * Set how to receive.
         *
         * @param options the options that differ from the channel's
         * @return this builder
         */
        public Builder<T> options(SubscriptionOptions options) {
            this.options = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Set what is called before the dead letter.
         *
         * @param fallback the fallback
         * @return this builder
         */
        public Builder<T> fallback(FallbackHandler<? super T> fallback) {
            this.fallback = Objects.requireNonNull(fallback, "fallback");
            return this;
        }

        /**
         * Set where results are sent before the message is acknowledged.
         *
         * @param channel name of a channel
         * @return this builder
         */
        public Builder<T> sendTo(String channel) {
            this.sendTo = Objects.requireNonNull(channel, "channel");
            return this;
        }

        /**
         * Finish.
         *
         * @return the specification
         */
        public SubscriptionSpec<T> build() {
            return new SubscriptionSpec<>(this);
        }
    }
}
