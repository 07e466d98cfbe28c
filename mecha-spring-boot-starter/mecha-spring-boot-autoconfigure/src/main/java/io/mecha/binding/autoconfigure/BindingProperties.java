// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.Secret;
import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.configuration.ComponentCodes;
import io.mecha.autoconfigure.configuration.ComponentKind;
import io.mecha.binding.Encoding;
import io.mecha.binding.Ordering;
import io.mecha.binding.Overflow;
import io.mecha.binding.StartAt;
import io.mecha.binding.memory.MemoryBindingBackendFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Binding properties. Bound by a {@link io.mecha.autoconfigure.configuration.ComponentConfiguration}, which reports every mistake
 * at once, and not by Spring Boot, which stops at the first.
 *
 * @param defaultType Type of channels that do not set one; 'none' refuses channels that are not configured.
 * @param keepAlive Whether the JVM stays while the application receives from outside it, or from a timer. Without it, as
 *     'spring.main.keep-alive' says if that is set, otherwise yes.
 * @param runToCompletion Whether the application drains and exits when its runners are done, with their exit code.
 * @param channels Channels, by name.
 * @param signingKey Secret, the same on all nodes, that signs the marks of dead letters and of what is sent back from there; at
 *     least 16 characters. Without it, a random one that the node keeps in its data directory, and nodes do not know each other's marks.
 * @param previousSigningKeys Signing keys of the past, to verify with.
 */
@ConfigurationProperties("mecha.bindings")
record BindingProperties(
        @DefaultValue(MemoryBindingBackendFactory.TYPE) String defaultType,
        @Nullable Boolean keepAlive,
        @DefaultValue("false") boolean runToCompletion,
        @DefaultValue Map<String, Channel> channels,
        @Nullable Secret signingKey,
        @DefaultValue List<Secret> previousSigningKeys) {

    /** How channels are configured. */
    static final ComponentKind<BindingProperties, Channel> KIND = new ComponentKind<>(
            "mecha.bindings",
            "channels",
            "channel",
            new ComponentCodes("MECHA-B102", "MECHA-B104", "MECHA-B105", "MECHA-B108"),
            new BindingProperties(MemoryBindingBackendFactory.TYPE, null, false, Map.of(), null, List.of()),
            Channel.DEFAULTS,
            BindingProperties::channels);

    /**
     * One channel.
     *
     * @param type Type of the backend, for example 'memory', 'kafka', 'rabbitmq', 'jdbc', 'http' or 'timer'.
     * @param destination Where the channel leads: a topic, a queue or an address. Without it, the name of the channel.
     * @param encoding Layout of events: 'binary', 'structured', 'batch' or 'raw'.
     * @param mediaType Form of the data that is sent. Without it, JSON, or what suits the payload.
     * @param source Source of events that set none, as a URI reference. Without it, a slash and the name of the
     *     application.
     * @param immutableValues Whether payloads never change once sent, so that a broker in this JVM may hand out the
     *     instance itself.
     * @param in How to receive where a handler does not say otherwise.
     * @param out How to send.
     * @param health Health of the channel.
     */
    record Channel(
            @Nullable String type,
            @Nullable String destination,
            @DefaultValue("binary") Encoding encoding,
            @Nullable String mediaType,
            @Nullable String source,
            @DefaultValue("false") boolean immutableValues,
            @DefaultValue In in,
            @DefaultValue Out out,
            @NestedConfigurationProperty @DefaultValue HealthOptions health) {

        static final Channel DEFAULTS = new Channel(
                null, null, Encoding.BINARY, null, null, false, In.DEFAULTS, Out.DEFAULTS, HealthOptions.DEFAULTS);
    }

    /**
     * Settings of receiving.
     *
     * @param group Group that shares the messages. Without it, the name of the application.
     * @param concurrency Number of messages that are handled at once on this node. Without it, 1.
     * @param ordering Which messages wait for each other: 'none', or 'key' for those with the same key. Without it, none.
     * @param startAt Where a group begins that the backend does not know: 'earliest' or 'latest'. Without it, earliest.
     * @param timeout Longest time that a handler may take. Without it, there is no limit.
     * @param drainTimeout Longest time that closing waits for handlers that run. Without it, 20 seconds.
     * @param retry How a failed message is tried again.
     * @param deadLetter Channel that gets what failed for the last time, or 'none'. Without it, the name of the channel
     *     and '.dead' where the backend keeps messages.
     * @param inbox What remembers handled events.
     * @param filter Events to receive, as a CloudEvents SQL expression. Without it, all.
     * @param prefetch Number of messages that this node takes before it has finished earlier ones. Without it, the
     *     greater of 256 and twice the concurrency.
     * @param batch Size of batches.
     * @param rate Most messages that are handled in a second on this node. Without it, there is no limit.
     * @param autoStart Whether to receive from the start. Without it, yes.
     * @param strict Whether to refuse events that break the types of CloudEvents, instead of counting them.
     */
    record In(
            @Nullable String group,
            @Nullable Integer concurrency,
            @Nullable Ordering ordering,
            @Nullable StartAt startAt,
            @Nullable Duration timeout,
            @Nullable Duration drainTimeout,
            @DefaultValue Retry retry,
            @Nullable String deadLetter,
            @Nullable Inbox inbox,
            @Nullable String filter,
            @Nullable Integer prefetch,
            @DefaultValue Batch batch,
            @Nullable Double rate,
            @Nullable Boolean autoStart,
            @DefaultValue("false") boolean strict) {

        static final In DEFAULTS = new In(
                null,
                null,
                null,
                null,
                null,
                null,
                Retry.DEFAULTS,
                null,
                null,
                null,
                null,
                Batch.DEFAULTS,
                null,
                null,
                false);
    }

    /**
     * Settings of another attempt with a failed message.
     *
     * @param maxAttempts Attempts in all, the first one included. Without it, 5.
     * @param backoff Pauses between attempts.
     * @param notRetryable Exceptions, with their subclasses, after which trying again is useless, as names of classes.
     */
    record Retry(
            @Nullable Integer maxAttempts,
            @DefaultValue Backoff backoff,
            @Nullable List<String> notRetryable) {

        static final Retry DEFAULTS = new Retry(null, Backoff.DEFAULTS, null);
    }

    /**
     * Pauses between attempts.
     *
     * @param initial First pause. Without it, 200 milliseconds.
     * @param multiplier Growth of the pause from attempt to attempt. Without it, 2.
     * @param max Longest pause. Without it, 30 seconds.
     * @param jitter Share of the pause that is left to chance, from 0 to 1. Without it, 0.2.
     */
    record Backoff(
            @Nullable Duration initial,
            @Nullable Double multiplier,
            @Nullable Duration max,
            @Nullable Double jitter) {

        static final Backoff DEFAULTS = new Backoff(null, null, null, null);
    }

    /**
     * The store that remembers handled events, so that one that is delivered again is not handled again; setting one of the two
     * switches it on.
     *
     * @param store State store that remembers.
     * @param timeToLive How long it remembers.
     */
    record Inbox(
            @Nullable String store, @DefaultValue("24h") Duration timeToLive) {}

    /**
     * Size of batches.
     *
     * @param size Most messages of a batch. Without it, 100.
     * @param linger Longest time that an incomplete batch waits for more. Without it, 20 milliseconds.
     */
    record Batch(@Nullable Integer size, @Nullable Duration linger) {

        static final Batch DEFAULTS = new Batch(null, null);
    }

    /**
     * Settings of sending.
     *
     * @param key Where the key of an event comes from that sets none: 'subject', 'type', 'id', 'source', the name of an
     *     extension, or a JSON pointer into the data such as '/customer/id'. Without it, such events have no key.
     * @param type Type of events that set none. Without it, the name of the payload's class.
     * @param timeToLive Age at which events expire that do not say it themselves. Without it, never.
     * @param outbox Whether the application's database keeps events until the backend has them, so that they are sent if
     *     the transaction commits and only then.
     * @param delayStore State store that keeps delayed events where the backend cannot.
     * @param timeout Longest time that a send may take.
     * @param overflow What a sender does while too many sends wait: 'block', or 'fail'.
     * @param maxInFlight Most sends that are not confirmed.
     */
    record Out(
            @Nullable String key,
            @Nullable String type,
            @Nullable Duration timeToLive,
            @DefaultValue("false") boolean outbox,
            @Nullable String delayStore,
            @DefaultValue("30s") Duration timeout,
            @DefaultValue("block") Overflow overflow,
            @DefaultValue("10000") int maxInFlight) {

        static final Out DEFAULTS =
                new Out(null, null, null, false, null, Duration.ofSeconds(30), Overflow.BLOCK, 10_000);
    }
}
