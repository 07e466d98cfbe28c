// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.PropertyNames;
import io.mecha.binding.AsyncHandler;
import io.mecha.binding.BatchHandler;
import io.mecha.binding.FallbackHandler;
import io.mecha.binding.Handler;
import io.mecha.binding.RedriveRequest;
import io.mecha.binding.RedriveResult;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.BackendCount;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.Closing;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Receiving;
import io.mecha.binding.deadletter.Redrive;
import io.mecha.binding.event.CodecPayload;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receiving half of one channel: a consumer for each group, which the subscriptions of the group share. */
public final class ChannelReceiving implements Receiving {

    private static final Logger LOG = LoggerFactory.getLogger(ChannelReceiving.class);

    private static final Duration LOOK_PATIENCE = Duration.ofMillis(250);

    private final ChannelContext channel;
    private final EngineContext engine;
    private final ReentrantLock lock = new ReentrantLock();
    private final SortedMap<String, GroupConsumer> groups = new TreeMap<>();
    private final Map<String, BackendCount> lags = new ConcurrentHashMap<>();
    private final AtomicBoolean slow = new AtomicBoolean();
    private SubscriptionOptions tuning;
    private boolean started;
    private boolean closed;

    /**
     * Receive nothing until there are subscriptions and {@link #start} was called.
     *
     * @param channel the channel whose half this is
     * @param engine what the channels of the engine share
     */
    public ChannelReceiving(ChannelContext channel, EngineContext engine) {
        this.channel = channel;
        this.engine = engine;
        this.tuning = channel.options().in();
    }

    // An event is only read from, so that a handler of a supertype can have it: the casts below are safe.

    /**
     * Receive events one by one.
     *
     * @param spec what to receive, and how
     * @param handler called with each event, on several threads if the concurrency is above 1
     * @param <T> type of the payload
     * @return the subscription, which receives once the channel is started, unless its options forbid the automatic start
     * @throws io.mecha.InvalidConfigurationException if the channel, the group or the settings do not allow it
     * @throws IllegalStateException if the channel is closed
     */
    @SuppressWarnings("unchecked")
    public <T> Subscription subscribe(SubscriptionSpec<T> spec, Handler<? super T> handler) {
        Handler<T> own = (Handler<T>) handler;
        return subscribe(spec, (subscription, parts) -> SingleJob.of(subscription, parts, own));
    }

    /**
     * Receive events one by one with a handler that finishes later.
     *
     * @param spec what to receive, and how
     * @param handler called with each event; an event is in flight until its stage completes
     * @param <T> type of the payload
     * @return the subscription, which receives once the channel is started, unless its options forbid the automatic start
     * @throws io.mecha.InvalidConfigurationException if the channel, the group or the settings do not allow it
     * @throws IllegalStateException if the channel is closed
     */
    @SuppressWarnings("unchecked")
    public <T> Subscription subscribeAsync(SubscriptionSpec<T> spec, AsyncHandler<? super T> handler) {
        AsyncHandler<T> own = (AsyncHandler<T>) handler;
        return subscribe(spec, (subscription, parts) -> SingleJob.ofAsync(subscription, parts, own));
    }

    /**
     * Receive events in batches.
     *
     * @param spec what to receive, and how
     * @param handler called with each batch
     * @param <T> type of the payload
     * @return the subscription, which receives once the channel is started, unless its options forbid the automatic start
     * @throws io.mecha.InvalidConfigurationException if the channel, the group or the settings do not allow it
     * @throws IllegalStateException if the channel is closed
     */
    @SuppressWarnings("unchecked")
    public <T> Subscription subscribeBatch(SubscriptionSpec<T> spec, BatchHandler<? super T> handler) {
        BatchHandler<T> own = (BatchHandler<T>) handler;
        return subscribe(spec, (subscription, parts) -> new BatchJob<>(subscription, parts, own));
    }

    @SuppressWarnings("unchecked")
    private <T> Subscription subscribe(SubscriptionSpec<T> spec, HandlerKind.Jobs<T> jobs) {
        SubscriptionSettings settings = SubscriptionSettings.of(spec, channel, engine.application());
        HandlerKind<T> kind = new HandlerKind<>(
                new CodecPayload<>(spec.payload(), engine.codecs()), (FallbackHandler<T>) spec.fallback(), jobs);
        SubscriptionChecks checks = new SubscriptionChecks(channel, engine, settings);
        boolean first = !receives(settings.group());
        HandlerSubscription<T> subscription = subscribe(settings, kind, checks);
        if (first) {
            warnOfSharedMessages(settings.group());
            warnOfForgottenLetters(checks.dead());
        }
        return subscription;
    }

    private <T> HandlerSubscription<T> subscribe(
            SubscriptionSettings settings, HandlerKind<T> kind, SubscriptionChecks checks) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The channel '%s' is closed".formatted(channel.name()));
            }
            GroupConsumer group = groups.get(settings.group());
            if (group != null && group.isClosed()) {
                group = null;
            }
            checks.check(group);
            if (group == null) {
                Inbound inbound = channel.capabilities().find(Inbound.class).orElseThrow();
                group = new GroupConsumer(channel, inbound, settings, engine, this::forget);
            }
            HandlerSubscription<T> subscription =
                    new HandlerSubscription<>(group, settings, checks.matcher(), kind, engine, checks.dead());
            subscription.tune(tuning);
            group.add(subscription);
            groups.put(settings.group(), group);
            if (started) {
                group.open();
            }
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    /** To a backend, a group of channels that lead to one place is one group, which gets each message once. */
    private void warnOfSharedMessages(String group) {
        ChannelOptions own = channel.options();
        if (channel.capabilities().find(Groups.class).isEmpty()) {
            return;
        }
        for (ChannelContext other : engine.channels().all()) {
            ChannelOptions options = other.options();
            if (!options.name().equals(own.name())
                    && options.type().equals(own.type())
                    && options.destination().equals(own.destination())
                    && other.receiving().receives(group)) {
                LOG.warn(
                        "Channels '{}' and '{}' both receive from {} '{}' as group '{}': if that is one server, a message reaches the"
                                + " handlers of only one of them. Use one channel, or set {}.",
                        options.name(),
                        own.name(),
                        own.type(),
                        own.destination(),
                        group,
                        PropertyNames.channel(own.name(), "in.group"));
            }
        }
    }

    /** What outlives this JVM must not be given up to something that does not. */
    private void warnOfForgottenLetters(@Nullable ChannelContext dead) {
        ChannelOptions own = channel.options();
        boolean durable = own.out().outbox()
                || (!channel.backend().isLocal()
                        && channel.capabilities().find(Groups.class).isPresent());
        if (durable && dead != null && dead.backend().isLocal()) {
            LOG.warn(
                    "Channel '{}' keeps messages when this JVM ends, but those that are given up go to channel '{}' of type memory, which"
                            + " loses them then. Set {} to a type that keeps them, or {} to another channel.",
                    own.name(),
                    dead.name(),
                    PropertyNames.channel(dead.name(), "type"),
                    PropertyNames.channel(own.name(), "in.dead-letter"));
        }
    }

    @Override
    public boolean receives(String group) {
        return groups().stream()
                .anyMatch(consumer ->
                        !consumer.isClosed() && consumer.settings().group().equals(group));
    }

    /** Begin to receive, for the subscriptions there are and for later ones. */
    public void start() {
        lock.lock();
        try {
            started = true;
            groups.values().forEach(GroupConsumer::open);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a group that is closed. */
    void forget(GroupConsumer group) {
        lock.lock();
        try {
            if (group.isClosed()) {
                groups.remove(group.settings().group(), group);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Begin no more handler calls, and refuse subscriptions from now on. */
    public void hold() {
        lock.lock();
        try {
            closed = true;
            Closing closing = new Closing();
            closing.each(groups.values(), GroupConsumer::hold);
            closing.end();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Wait for the handlers that run; nothing begins any more, since all is paused or held.
     *
     * @param budget the time that is left
     * @return the subscriptions whose handlers still run
     */
    public List<Unfinished> await(DrainBudget budget) {
        return groups().stream()
                .flatMap(group -> group.selection().all().stream())
                .flatMap(subscription -> subscription.await(budget).stream())
                .toList();
    }

    /** Receive nothing any more; what handlers have that still run is given back. */
    public void close() {
        Closing closing = new Closing();
        closing.run(this::hold);
        closing.each(groups(), GroupConsumer::close);
        closing.end();
    }

    private List<GroupConsumer> groups() {
        lock.lock();
        try {
            return new ArrayList<>(groups.values());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Return the subscriptions of all groups.
     *
     * @return a copy, in order of the groups' names
     */
    public List<Subscription> subscriptions() {
        List<Subscription> all = new ArrayList<>();
        groups().forEach(group -> all.addAll(group.selection().all()));
        return all;
    }

    /**
     * Change the attempts, pauses and limits of all subscriptions, as far as they do not set their own.
     *
     * @param in the options of the channel now; others than these are not looked at
     */
    public void tune(SubscriptionOptions in) {
        lock.lock();
        try {
            tuning = in;
            groups().forEach(group -> group.selection().all().forEach(subscription -> subscription.tune(in)));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Return a view of each subscription.
     *
     * @return views in order of the groups' names; the list does not change
     */
    public List<SubscriptionView> views() {
        return groups().stream()
                .flatMap(group -> group.selection().all().stream())
                .map(SubscriptionView::new)
                .toList();
    }

    @Override
    public OptionalLong lag(String group) {
        Groups counting = channel.capabilities().find(Groups.class).orElse(null);
        return counting == null
                ? OptionalLong.empty()
                : lags.computeIfAbsent(
                                group,
                                name -> new BackendCount(
                                        () -> ask(counting, name), engine.background(), slow, LOOK_PATIENCE))
                        .get();
    }

    private OptionalLong ask(Groups counting, String group) {
        try {
            return counting.lag(group);
        } catch (RuntimeException failure) { // allow CatchException: shown as unknown
            LOG.debug("The lag of group '{}' of channel '{}' is not known", group, channel.name(), failure);
            return OptionalLong.empty();
        }
    }

    /** Returns how a group receives, or {@code null} if it does not. */
    private @Nullable SubscriptionSettings settings(String group) {
        lock.lock();
        try {
            GroupConsumer consumer = groups.get(group);
            return consumer == null ? null : consumer.settings();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Send dead letters of a group back to this channel.
     *
     * @param request which dead letters
     * @return how many were sent back, and how many nobody known has signed
     * @throws io.mecha.InvalidConfigurationException if the group has no dead letters that can be received
     */
    public RedriveResult redrive(RedriveRequest request) {
        SubscriptionSettings settings = settings(request.group());
        String dead = settings == null
                ? SubscriptionSettings.deadLetter(channel.options().in(), channel)
                : settings.deadLetter();
        return Redrive.of(channel, engine, request, dead).run();
    }
}
