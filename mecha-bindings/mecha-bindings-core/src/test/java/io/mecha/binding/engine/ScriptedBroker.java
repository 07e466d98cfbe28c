// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.Capabilities;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import io.mecha.binding.spi.Rejection;
import io.mecha.binding.spi.Retention;
import io.mecha.runtime.LentThread;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A backend that keeps messages for each group and does what a test says; outlives engines. */
final class ScriptedBroker implements BindingBackend, Inbound, Outbound, Groups, KeyOrder, AttemptMemory, Forwarding {

    final List<Message> sent = new ArrayList<>();
    final List<String> acknowledged = new ArrayList<>();
    volatile int asked;
    final List<Rejection> rejected = new ArrayList<>();
    final List<ConsumerRequest> requests = new ArrayList<>();
    final Map<String, Group> groups = new LinkedHashMap<>();
    volatile boolean down;
    volatile boolean direct;
    volatile boolean paused;
    volatile boolean closed;

    /** Which messages it never takes. */
    volatile Predicate<Message> unacceptable = message -> false;

    /** What was sent, by position, if this is a log. */
    final Map<String, Message> log = new ConcurrentHashMap<>();

    volatile Runnable closing = () -> {};

    /** Another one whose messages it receives, too. */
    volatile @Nullable BindingBackend source;

    volatile Runnable closingConsumer = () -> {};

    volatile Runnable declaring = () -> {};

    volatile Runnable counting = () -> {};

    /** Which acknowledgements fail. */
    volatile Predicate<Delivery> failing = delivery -> false;

    /** Whether it keeps what is put aside itself. */
    volatile boolean takesBack;

    private final List<Handed> aside = new CopyOnWriteArrayList<>();

    private final List<Delivery> foreign = new CopyOnWriteArrayList<>();
    private Capabilities capabilities = Capabilities.none()
            .with(Inbound.class, this)
            .with(Outbound.class, this)
            .with(Groups.class, this)
            .with(KeyOrder.class, this)
            .with(AttemptMemory.class, this);

    ScriptedBroker offering(Capabilities other) {
        capabilities = other;
        return this;
    }

    ScriptedBroker forwarding() {
        capabilities = capabilities.with(Forwarding.class, this);
        return this;
    }

    /** Keeps what was sent after it was acknowledged. */
    ScriptedBroker retaining() {
        capabilities = capabilities.with(Retention.class, new Retention() {
            @Override
            public String position(Delivery delivery) {
                own(delivery);
                String position = "at " + delivery.message().attributes().get("id");
                log.put(position, delivery.message());
                return position;
            }

            @Override
            public Optional<Message> read(String position) {
                return Optional.ofNullable(log.get(position));
            }
        });
        return this;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {}

    @Override
    public void close() {
        closed = true;
        closing.run();
    }

    /** Returns what was handed back and is none of ours. */
    List<Delivery> foreign() {
        return foreign;
    }

    private void own(Delivery delivery) {
        if (!(delivery instanceof Handed)) {
            foreign.add(delivery);
        }
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        if (down) {
            return CompletableFuture.failedFuture(SendException.unreachable("fake", "fake", null));
        }
        if (unacceptable.test(message)) {
            return CompletableFuture.failedFuture(SendException.unacceptable("fake", "fake", "too large", null));
        }
        List<Group> all;
        synchronized (this) {
            sent.add(message);
            groups.values().forEach(group -> group.queue.add(new Queued(message)));
            all = new ArrayList<>(groups.values());
        }
        all.forEach(Group::pump);
        return CompletableFuture.completedFuture(new Receipt(id, null));
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
        List<CompletionStage<Receipt>> receipts = new ArrayList<>();
        for (int index = 0; index < ids.size(); index++) {
            receipts.add(send(ids.get(index), messages.get(index)));
        }
        return receipts;
    }

    @Override
    public int maximumBodySize() {
        return 1 << 20;
    }

    @Override
    public synchronized void declare(String group, Ordering ordering) {
        declaring.run();
        groups.computeIfAbsent(group, name -> new Group());
    }

    @Override
    public synchronized OptionalLong lag(String group) {
        asked++;
        counting.run();
        Group known = groups.get(group);
        return known == null ? OptionalLong.empty() : OptionalLong.of(known.queue.size() + known.out.size());
    }

    @Override
    public int activeMembers() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void failed(Delivery delivery, int attempts) {
        own(delivery);
        if (delivery.current()) {
            ((Handed) delivery).queued.attempts = attempts;
        }
    }

    @Override
    public boolean reaches(BindingBackend target) {
        return target instanceof ScriptedBroker;
    }

    @Override
    public void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages) {
        own(delivery);
        ScriptedBroker other = (ScriptedBroker) target;
        if (other.down) {
            throw SendException.unreachable("fake", "fake", null);
        }
        delivery.acknowledge();
        messages.forEach(message -> other.send("forwarded", message));
    }

    @Override
    public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
        Group group;
        synchronized (this) {
            requests.add(request);
            declare(request.group(), request.ordering());
            group = groups.get(request.group());
            group.receiver = receiver;
            group.paused = request.paused();
            group.limit = request.maxInFlight();
        }
        group.pump();
        return new MessageConsumer() {
            @Override
            public void pause() {
                group.paused = true;
                paused = true;
            }

            @Override
            public void resume() {
                group.paused = false;
                paused = false;
                group.pump();
            }

            @Override
            public void close() {
                group.lose();
                closingConsumer.run();
            }
        };
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the very same
    public boolean receivesFrom(BindingBackend other) {
        return other == source;
    }

    /** Takes back what the engine has, as when its JVM dies or the connection breaks. */
    void crash() {
        groups.values().forEach(Group::lose);
    }

    synchronized List<String> acknowledged() {
        return new ArrayList<>(acknowledged);
    }

    synchronized List<Message> sent() {
        return new ArrayList<>(sent);
    }

    /** What a group has not acknowledged. */
    final class Group {

        final Deque<Queued> queue = new ArrayDeque<>();
        final List<Handed> out = new ArrayList<>();
        private final AtomicInteger pumps = new AtomicInteger();

        @Nullable Receiver receiver;

        volatile boolean paused;
        int limit;

        /** Hands out what may be handed out, one thread at a time, so that messages arrive in their order. */
        void pump() {
            if (direct) {
                for (Handed next = next(); next != null; next = next()) {
                    handOut(next);
                }
                return;
            }
            if (pumps.getAndIncrement() != 0) {
                return;
            }
            int seen = 1;
            while (seen != 0) {
                for (Handed next = next(); next != null; next = next()) {
                    handOut(next);
                }
                seen = pumps.addAndGet(-seen);
            }
        }

        private void handOut(Handed next) {
            Receiver taker = next.receiver;
            boolean before = direct && LentThread.lend();
            try {
                taker.receive(List.of(next));
            } finally {
                if (direct) {
                    LentThread.end(before);
                }
            }
        }

        private @Nullable Handed next() {
            synchronized (ScriptedBroker.this) {
                Receiver taker = receiver;
                if (taker == null
                        || paused
                        || out.stream().filter(handed -> !handed.parked).count() >= limit
                        || queue.isEmpty()) {
                    return null;
                }
                Queued queued = queue.remove();
                queued.attempts++;
                Handed handed = new Handed(this, queued, queued.attempts, taker);
                out.add(handed);
                return handed;
            }
        }

        void lose() {
            synchronized (ScriptedBroker.this) {
                receiver = null;
                for (int index = out.size() - 1; index >= 0; index--) {
                    out.get(index).current = false;
                    queue.addFirst(out.get(index).queued);
                }
                out.clear();
            }
        }
    }

    void handOutWhatIsAside() {
        List<Handed> back = List.copyOf(aside);
        aside.clear();
        for (Handed handed : back) {
            synchronized (this) {
                handed.group.queue.add(handed.queued);
            }
            handed.group.pump();
        }
    }

    /** A message and how often it was tried. */
    static final class Queued {

        final Message message;
        int attempts;

        Queued(Message message) {
            this.message = message;
        }
    }

    /** A message that was handed out. */
    final class Handed implements Delivery {

        final Group group;
        final Queued queued;
        final int attempt;
        final Receiver receiver;
        volatile boolean current = true;
        volatile boolean parked;

        Handed(Group group, Queued queued, int attempt, Receiver receiver) {
            this.group = group;
            this.queued = queued;
            this.attempt = attempt;
            this.receiver = receiver;
        }

        @Override
        public Message message() {
            return queued.message;
        }

        @Override
        public int attempt() {
            return attempt;
        }

        @Override
        public boolean current() {
            return current;
        }

        private boolean end() {
            boolean first = current && group.out.remove(this);
            current = false;
            return first;
        }

        @Override
        public void acknowledge() {
            if (failing.test(this)) {
                throw new AssertionError("a broken backend");
            }
            synchronized (ScriptedBroker.this) {
                if (end()) {
                    acknowledged.add(queued.message.attributes().getOrDefault("id", "?"));
                }
            }
            group.pump();
        }

        @Override
        public void release() {
            synchronized (ScriptedBroker.this) {
                if (end()) {
                    group.queue.addFirst(queued);
                }
            }
            group.pump();
        }

        @Override
        public void park() {
            synchronized (ScriptedBroker.this) {
                parked = true;
                if (takesBack && end()) {
                    aside.add(this);
                }
            }
            group.pump();
        }

        @Override
        public void reject(Rejection rejection) {
            synchronized (ScriptedBroker.this) {
                if (end()) {
                    rejected.add(rejection);
                }
            }
            group.pump();
        }
    }
}
