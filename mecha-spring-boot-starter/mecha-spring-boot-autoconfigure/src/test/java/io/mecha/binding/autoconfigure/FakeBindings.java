// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.binding.AsyncHandler;
import io.mecha.binding.Batch;
import io.mecha.binding.BatchHandler;
import io.mecha.binding.Bindings;
import io.mecha.binding.Channel;
import io.mecha.binding.Event;
import io.mecha.binding.Failure;
import io.mecha.binding.FallbackHandler;
import io.mecha.binding.Handler;
import io.mecha.binding.Outcome;
import io.mecha.binding.RedriveRequest;
import io.mecha.binding.RedriveResult;
import io.mecha.binding.Sender;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.codec.GenericType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Remembers what was subscribed, and calls it when a test says so. */
public final class FakeBindings implements Bindings {

    final List<SubscriptionSpec<?>> specs = new ArrayList<>();
    final List<FakeSubscription> subscriptions = new ArrayList<>();
    final Map<String, Type> senders = new TreeMap<>();
    private final List<Object> handlers = new ArrayList<>();
    private String redriven = "";

    public String redriven() {
        return redriven;
    }

    SubscriptionSpec<?> only() {
        if (specs.size() != 1) {
            throw new IllegalStateException("There are %d subscriptions".formatted(specs.size()));
        }
        return specs.get(0);
    }

    Outcome handle(Event<?> event) {
        return handle(0, event);
    }

    @SuppressWarnings("unchecked")
    Outcome handle(int index, Event<?> event) {
        try {
            return ((Handler<Object>) handlers.get(index)).handle((Event<Object>) event);
        } catch (Exception thrown) {
            throw new IllegalStateException(thrown);
        }
    }

    @SuppressWarnings("unchecked")
    CompletionStage<Outcome> handleLater(Event<?> event) throws Exception {
        return ((AsyncHandler<Object>) handlers.get(0)).handle((Event<Object>) event);
    }

    @SuppressWarnings("unchecked")
    void handleBatch(Batch<?> batch) throws Exception {
        ((BatchHandler<Object>) handlers.get(0)).handle((Batch<Object>) batch);
    }

    @SuppressWarnings("unchecked")
    Outcome fallBack(int index, Event<?> event, Failure failure) throws Exception {
        FallbackHandler<Object> fallback = (FallbackHandler<Object>)
                Objects.requireNonNull(specs.get(index).fallback());
        return fallback.handle((Event<Object>) event, failure);
    }

    private Subscription add(SubscriptionSpec<?> spec, Object handler) {
        specs.add(spec);
        handlers.add(handler);
        FakeSubscription subscription =
                new FakeSubscription(spec.channel(), spec.options().group().orElse("application"));
        subscriptions.add(subscription);
        return subscription;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Sender<T> sender(String channel, Class<T> type) {
        return (Sender<T>) sender(channel, (Type) type);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> Sender<T> sender(String channel, GenericType<T> type) {
        return (Sender<T>) sender(channel, type.type());
    }

    @Override
    public Sender<?> sender(String channel, Type type) {
        if (channel.equals("mute")) {
            throw new InvalidConfigurationException(List.of(
                    new Mistake("MECHA-B999", "mecha.bindings.channels.mute.type", "It cannot send.", "Choose.")));
        }
        senders.put(channel, type);
        return proxy(Sender.class, "channel", channel);
    }

    @Override
    public Channel channel(String name) {
        return proxy(Channel.class, "name", name);
    }

    private static <P> P proxy(Class<P> type, String method, String answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, called, arguments) -> called.getName().equals(method) ? answer : null));
    }

    @Override
    public <T> Subscription subscribe(SubscriptionSpec<T> spec, Handler<? super T> handler) {
        return add(spec, handler);
    }

    @Override
    public <T> Subscription subscribeAsync(SubscriptionSpec<T> spec, AsyncHandler<? super T> handler) {
        return add(spec, handler);
    }

    @Override
    public <T> Subscription subscribeBatch(SubscriptionSpec<T> spec, BatchHandler<? super T> handler) {
        return add(spec, handler);
    }

    @Override
    public RedriveResult redrive(RedriveRequest request) {
        redriven = "%s %s %d".formatted(request.channel(), request.group(), request.limit());
        return new RedriveResult(3, request.unsigned() ? 0 : 2);
    }

    @Override
    public List<Subscription> subscriptions() {
        return List.copyOf(subscriptions);
    }

    @Override
    public Set<String> names() {
        return subscriptions.stream().map(Subscription::channel).collect(Collectors.toSet());
    }

    /** Remembers its state. */
    static final class FakeSubscription implements Subscription {

        private final String channel;
        private final String group;
        private State state = State.RUNNING;

        FakeSubscription(String channel, String group) {
            this.channel = channel;
            this.group = group;
        }

        @Override
        public String channel() {
            return channel;
        }

        @Override
        public String group() {
            return group;
        }

        @Override
        public State state() {
            return state;
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public void pause() {
            state = State.PAUSED;
        }

        @Override
        public void resume() {
            state = State.RUNNING;
        }

        @Override
        public boolean drain(Duration timeout) {
            pause();
            return !timeout.isZero();
        }

        @Override
        public void close() {
            state = State.CLOSED;
        }
    }
}
