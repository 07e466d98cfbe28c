// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.AsyncHandler;
import io.mecha.binding.BatchHandler;
import io.mecha.binding.Bindings;
import io.mecha.binding.Channel;
import io.mecha.binding.Handler;
import io.mecha.binding.RedriveRequest;
import io.mecha.binding.RedriveResult;
import io.mecha.binding.Sender;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.Closing;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.channel.Sending;
import io.mecha.binding.receive.DrainBudget;
import io.mecha.binding.receive.Unfinished;
import io.mecha.binding.send.ChannelSending;
import io.mecha.binding.spi.SigningKeys;
import io.mecha.codec.Codecs;
import io.mecha.codec.GenericType;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Threads;
import io.mecha.runtime.Timers;
import io.mecha.spi.TransactionRunner;
import io.mecha.state.KeyValueStore;
import io.mecha.state.spi.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine of an application's channels: sending and receiving as they are the same on every backend.
 *
 * <p>Sends at once; receives from {@link #start()} on. {@link #close()} drains all subscriptions, then closes the backends.
 *
 * @since 1.0
 */
public final class BindingEngine implements Bindings, AutoCloseable {

    private static final Duration UNLIMITED = ChronoUnit.FOREVER.getDuration();
    private static final Duration ENDING = Duration.ofSeconds(2);

    private final EngineContext context;
    private final ChannelRegistry channels;
    private final ExecutorService workers;
    private final ExecutorService background;
    private final Sending.Factory sending;
    private final List<Consumer<ChannelView>> watchers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Set<ChannelComponent> begun = ConcurrentHashMap.newKeySet();
    private final Set<Subscription> drained = ConcurrentHashMap.newKeySet();

    /** Whether a drain has waited for handlers, so that closing waits no second time. */
    private volatile boolean awaited;

    private BindingEngine(Builder builder) {
        this.sending = builder.sending;
        this.workers = Threads.workers("mecha-binding");
        this.background = Threads.workers("mecha-binding-background");
        this.channels = new ChannelRegistry(builder.source, this::assemble);
        this.context = new EngineContext(
                builder.application,
                builder.node,
                Objects.requireNonNull(builder.codecs, "codecs"),
                builder.clock,
                builder.observations,
                builder.meters,
                builder.stores,
                builder.leases,
                builder.transactions,
                builder.source,
                new Timers("mecha-binding-timer", ElapsedTime.of(builder.clock)),
                workers,
                background,
                channels,
                new Marks(builder.signingKeys));
        builder.channels.forEach(channels::add);
    }

    /**
     * Begin an engine.
     *
     * @return a builder without channels
     */
    public static Builder builder() {
        return new Builder();
    }

    private ChannelComponent assemble(ChannelDefinition definition) {
        ChannelComponent channel = new ChannelComponent(definition, context, sending);
        if (started.get()) {
            begin(channel);
        }
        changed(channel);
        return channel;
    }

    /** Begins to relay and to receive; what has begun goes on. */
    private void begin(ChannelComponent channel) {
        if (begun.add(channel)) {
            try {
                channel.sending().start();
            } catch (RuntimeException failure) { // allow CatchException: thrown on
                begun.remove(channel);
                throw failure;
            }
        }
        channel.receiving().start();
    }

    /**
     * Call with each channel that is there, and from then on with each that is made or gets a subscription, on the thread that does
     * it; more than once with the same.
     *
     * @param watcher what to call; must not throw
     */
    public void watch(Consumer<ChannelView> watcher) {
        watchers.add(watcher);
        channels().forEach(watcher);
    }

    private void changed(ChannelComponent channel) {
        watchers.forEach(watcher -> watcher.accept(new ChannelView(channel)));
    }

    /**
     * Begin to receive; subscriptions that are made later receive at once. After a drain, what it has paused goes on. Calling it again
     * does nothing, unless a channel failed to begin, with which it goes on.
     */
    public void start() {
        awaited = false;
        drained.forEach(Subscription::resume);
        drained.clear();
        if (!closed.get()) {
            started.set(true);
            channels.all().forEach(this::begin);
        }
    }

    @Override
    @SuppressWarnings("unchecked") // made for exactly this type
    public <T> Sender<T> sender(String channel, Class<T> type) {
        return (Sender<T>) sender(channel, (Type) type);
    }

    @Override
    @SuppressWarnings("unchecked") // made for exactly this type
    public <T> Sender<T> sender(String channel, GenericType<T> type) {
        return (Sender<T>) sender(channel, type.type());
    }

    @Override
    public Sender<?> sender(String channel, Type type) {
        return component(channel).sending().sender(type);
    }

    @Override
    public Channel channel(String name) {
        return new OperationChannel(component(name));
    }

    @Override
    public <T> Subscription subscribe(SubscriptionSpec<T> spec, Handler<? super T> handler) {
        ChannelComponent channel = component(spec.channel());
        Subscription subscription = channel.receiving().subscribe(spec, handler);
        changed(channel);
        return subscription;
    }

    @Override
    public <T> Subscription subscribeAsync(SubscriptionSpec<T> spec, AsyncHandler<? super T> handler) {
        ChannelComponent channel = component(spec.channel());
        Subscription subscription = channel.receiving().subscribeAsync(spec, handler);
        changed(channel);
        return subscription;
    }

    @Override
    public <T> Subscription subscribeBatch(SubscriptionSpec<T> spec, BatchHandler<? super T> handler) {
        ChannelComponent channel = component(spec.channel());
        Subscription subscription = channel.receiving().subscribeBatch(spec, handler);
        changed(channel);
        return subscription;
    }

    /**
     * Change the attempts, pauses and limits of the subscriptions of a channel, also of those to come, as far as they do not set their
     * own.
     *
     * @param channel name of a channel; if there is none, nothing changes
     * @param in the options of the channel now; what else they say counts when the application starts again
     */
    public void tune(String channel, SubscriptionOptions in) {
        channels.all().stream()
                .filter(candidate -> candidate.name().equals(channel))
                .forEach(found -> found.receiving().tune(in));
    }

    @Override
    public RedriveResult redrive(RedriveRequest request) {
        return component(request.channel()).receiving().redrive(request);
    }

    @Override
    public List<Subscription> subscriptions() {
        return channels.all().stream()
                .flatMap(channel -> channel.receiving().subscriptions().stream())
                .toList();
    }

    @Override
    public Set<String> names() {
        return channels.names();
    }

    /**
     * Return the channels that are there now.
     *
     * @return a copy, in order of their names
     */
    public List<ChannelView> channels() {
        return channels.all().stream().map(ChannelView::new).toList();
    }

    private ChannelComponent component(String name) {
        return channels.channel(name, null);
    }

    /**
     * Pause all subscriptions, and wait for the handlers that run: for all at once, for each not longer than its drain timeout. Sending
     * goes on. {@link #start} resumes what was paused here, and {@link #close} waits no second time.
     *
     * @param budget longest time to wait for all together
     * @return the subscriptions whose handlers still run; empty if none does
     */
    public List<Unfinished> drain(Duration budget) {
        DrainBudget time = new DrainBudget(budget);
        awaited = true;
        for (Subscription subscription : subscriptions()) {
            if (subscription.state() == Subscription.State.RUNNING) {
                drained.add(subscription);
                subscription.pause();
            }
        }
        return channels.all().stream()
                .flatMap(channel -> channel.receiving().await(time).stream())
                .toList();
    }

    /**
     * Return where handlers run now; changes nothing.
     *
     * @return the subscriptions whose handlers run, with no time waited; empty if none does
     */
    public List<Unfinished> unfinished() {
        DrainBudget none = new DrainBudget(Duration.ZERO);
        return channels.all().stream()
                .flatMap(channel -> channel.receiving().await(none).stream())
                .toList();
    }

    /**
     * Drain all subscriptions at once, each within its drain timeout unless that was done before, then close the channels. Calling it
     * again does nothing.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<ChannelComponent> all = channels.all();
        Closing closing = new Closing();
        closing.each(all, channel -> channel.receiving().hold());
        DrainBudget budget = new DrainBudget(awaited ? Duration.ZERO : UNLIMITED);
        closing.each(all, channel -> channel.receiving().await(budget));
        closing.each(all, channel -> channel.receiving().close());
        closing.each(all, channel -> channel.sending().close());
        closing.run(context.timers()::close);
        closing.run(workers::shutdownNow);
        closing.run(() -> Threads.end(background, ENDING));
        closing.each(all, ChannelComponent::close);
        closing.end();
    }

    /**
     * A builder of engines.
     *
     * @since 1.0
     */
    public static final class Builder {

        private String application = "application";
        private String node = "node";
        private @Nullable Codecs codecs;
        private InstantSource clock = InstantSource.system();
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private @Nullable MeterRegistry meters;
        private Function<String, KeyValueStore<byte[]>> stores = name -> {
            throw new IllegalArgumentException("There is no state store '%s'".formatted(name));
        };
        private Function<String, Leases> leases = name -> {
            throw new IllegalArgumentException("State store '%s' has no leases".formatted(name));
        };
        private @Nullable TransactionRunner transactions;
        private SigningKeys signingKeys = SigningKeys.of(null, List.of());
        private ChannelSource source = new NoChannelSource();
        private Collection<ChannelDefinition> channels = List.of();
        private Sending.Factory sending = ChannelSending::new;

        private Builder() {}

        /**
         * Set the name of the application.
         *
         * @param application the default group and the default source of events; default {@code application}
         * @return this builder
         */
        public Builder application(String application) {
            this.application = Objects.requireNonNull(application, "application");
            return this;
        }

        /**
         * Set what tells this JVM from others that run the application.
         *
         * @param node unique among the nodes that run at once
         * @return this builder
         */
        public Builder node(String node) {
            this.node = Objects.requireNonNull(node, "node");
            return this;
        }

        /**
         * Set how payloads become bytes; mandatory.
         *
         * @param codecs the codecs
         * @return this builder
         */
        public Builder codecs(Codecs codecs) {
            this.codecs = Objects.requireNonNull(codecs, "codecs");
            return this;
        }

        /**
         * Set the clock.
         *
         * @param clock the clock; default the system's
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Set who observes sends and receives.
         *
         * @param observations the registry; default none
         * @return this builder
         */
        public Builder observations(ObservationRegistry observations) {
            this.observations = Objects.requireNonNull(observations, "observations");
            this.meters = null;
            return this;
        }

        /**
         * Measure every send and every call of a handler instead of observing it: the same meters, at a fraction of the cost, where nothing
         * else looks at observations.
         *
         * @param registry where the meters are
         * @return this builder
         */
        public Builder meters(MeterRegistry registry) {
            this.meters = Objects.requireNonNull(registry, "registry");
            this.observations = ObservationRegistry.NOOP;
            return this;
        }

        /**
         * Set where inboxes and delayed events are kept.
         *
         * @param stores returns the state store of a name, or throws a {@code MechaException} if there is none
         * @return this builder
         */
        public Builder stores(Function<String, KeyValueStore<byte[]>> stores) {
            this.stores = Objects.requireNonNull(stores, "stores");
            return this;
        }

        /**
         * Set what tells how long nodes keep what they have claimed in a state store.
         *
         * @param leases returns the leases of the state store of a name, or throws a {@code MechaException} if it has none
         * @return this builder
         */
        public Builder leases(Function<String, Leases> leases) {
            this.leases = Objects.requireNonNull(leases, "leases");
            return this;
        }

        /**
         * Set what runs a handler and its inbox in one transaction.
         *
         * @param transactions the runner; {@code null} if the application has no transactions, which is the default
         * @return this builder
         */
        public Builder transactions(@Nullable TransactionRunner transactions) {
            this.transactions = transactions;
            return this;
        }

        /**
         * Set what signs the marks of dead letters and of redriven events.
         *
         * @param keys the same on all nodes, so that they obey each other's marks; by default a random one
         * @return this builder
         */
        public Builder signingKeys(SigningKeys keys) {
            this.signingKeys = Objects.requireNonNull(keys, "keys");
            return this;
        }

        /**
         * Set who makes channels that are not configured.
         *
         * @param source the source; default none, so that only configured channels exist
         * @return this builder
         */
        public Builder source(ChannelSource source) {
            this.source = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Set the configured channels.
         *
         * @param channels the channels; their names differ
         * @return this builder
         */
        public Builder channels(Collection<ChannelDefinition> channels) {
            this.channels = List.copyOf(channels);
            return this;
        }

        Builder sending(Sending.Factory sending) {
            this.sending = sending;
            return this;
        }

        /**
         * Finish.
         *
         * @return the engine, which does not receive yet
         */
        public BindingEngine build() {
            return new BindingEngine(this);
        }
    }

    /** A source without channels. */
    private static final class NoChannelSource implements ChannelSource {

        @Override
        public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
            return Optional.empty();
        }

        @Override
        public boolean isConfigured(String name) {
            return true;
        }

        @Override
        public ChannelDefinition outbox(ChannelOptions channel) {
            throw new IllegalArgumentException("Nothing makes the outbox of channel '%s'".formatted(channel.name()));
        }
    }
}
