// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.MechaException;
import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.Thrown;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelStatistics;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.Pauses;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Ids;
import io.mecha.runtime.Repeated;
import io.mecha.runtime.Timers;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A queue of delayed messages in a state store until they are due, for backends that cannot delay.
 *
 * <p>An entry's key begins with the time at which it is due. A node remembers what is due soon: what it stored itself, and what it found
 * when it listed the store, which it does at start and once a minute, so that the entries of a node that is gone are found. A timer
 * waits for the first of them. To publish, a node writes into the entry, under the version it read, that it has claimed it; only then it
 * sends, and removes the entry, under the version of its claim, after the backend has confirmed. A crash before the removal publishes
 * again, with the same id, once the {@linkplain Claimant lease of the node} has ended; nothing is lost between any two steps.
 *
 * <p>What is due is by the calendar, since other nodes and later runs have to read it. What this node waits for it measures by elapsed
 * time, so that neither delays nor retries stand still when somebody sets the clock back; claims go by the clock of the store.
 */
final class DelayQueue implements Outbound, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DelayQueue.class);
    private static final Duration SCAN_PAUSE = Duration.ofMinutes(1);
    private static final Duration HORIZON = SCAN_PAUSE.multipliedBy(5);
    private static final int PAGE = 1000;
    private static final int MAXIMUM_TOGETHER = 256;

    private final ChannelOptions channel;
    private final ChannelStatistics statistics;
    private final KeyValueStore<byte[]> store;
    private final Outbound next;
    private final Duration nativeDelay;
    private final InstantSource clock;
    private final ElapsedTime time;
    private final Timers timers;
    private final Executor workers;
    private final Ids ids = new Ids();
    private final String prefix;
    private final Duration lease;
    private final Claimant claimant;
    private final ConcurrentSkipListSet<Due> soon = new ConcurrentSkipListSet<>();
    private final Map<String, Instant> times = new ConcurrentHashMap<>();

    /** Before when this node does not try again what it sends or what failed, by key and elapsed time. */
    private final Map<String, Instant> pauses = new ConcurrentHashMap<>();

    private final Map<String, Integer> failures = new ConcurrentSkipListMap<>();
    private final Set<String> parked = new ConcurrentSkipListSet<>();
    private final Repeated unsent = new Repeated();
    private final Repeated refused = new Repeated();
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile boolean started;
    private volatile boolean closed;

    /** Keeps what {@code next} cannot delay natively. */
    DelayQueue(ChannelContext channel, EngineContext engine, String store, Outbound next, Duration nativeDelay) {
        this.channel = channel.options();
        this.statistics = channel.statistics();
        this.store = engine.stores().apply(store);
        this.next = next;
        this.nativeDelay = nativeDelay;
        this.clock = engine.clock();
        this.time = engine.time();
        this.timers = engine.timers();
        this.workers = engine.background();
        this.prefix = "delay/" + this.channel.name() + "/";
        this.lease = this.channel.out().timeout().multipliedBy(2).plusSeconds(10);
        this.claimant = new Claimant(engine.leases().apply(store), engine.application() + "/" + prefix, lease, time);
    }

    KeyValueStore<byte[]> store() {
        return store;
    }

    void start() {
        started = true;
        soon.forEach(due -> timers.at(due.due(), this::poll));
        work(this::scan);
    }

    @Override
    public int maximumBodySize() {
        return next.maximumBodySize();
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        Duration delay = message.delay();
        return delay == null || delay.compareTo(nativeDelay) <= 0 ? next.send(id, message) : keep(id, message, delay);
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> messageIds, List<? extends Message> messages) {
        if (messages.stream().allMatch(message -> message.delay() == null)) {
            return next.sendAll(messageIds, messages);
        }
        List<CompletionStage<Receipt>> receipts = new ArrayList<>();
        for (int index = 0; index < messages.size(); index++) {
            receipts.add(send(messageIds.get(index), messages.get(index)));
        }
        return receipts;
    }

    private CompletionStage<Receipt> keep(String id, Message message, Duration delay) {
        Instant due = clock.instant().plus(delay);
        String key = prefix + "%015d-%s".formatted(due.toEpochMilli(), ids.next());
        try {
            store.put(key, new DelayedMessage(id, message).write(), PutOptions.noExpiry());
        } catch (MechaException failure) {
            return CompletableFuture.failedFuture(SendException.unconfirmed(channel.name(), channel.type(), failure));
        }
        remember(time.now().plus(delay), key);
        return CompletableFuture.completedFuture(new Receipt(id, null));
    }

    /** Remembers when to look at an entry, by elapsed time, unless it is to be looked at before. */
    private void remember(Instant due, String key) {
        if (!due.isBefore(time.now().plus(HORIZON))) {
            return;
        }
        Instant earliest = times.compute(key, (known, before) -> {
            if (before != null && !due.isBefore(before)) {
                return before;
            }
            if (before != null) {
                soon.remove(new Due(before, key));
            }
            soon.add(new Due(due, key));
            return due;
        });
        if (started && due.equals(earliest)) {
            timers.at(due, this::poll);
        }
    }

    /** Lists what is stored, in any order. */
    private void scan() {
        if (closed) {
            return;
        }
        try {
            Optional<PageRequest> request = Optional.of(PageRequest.first(PAGE));
            while (request.isPresent()) {
                Page<String> page = store.keys(prefix, request.get());
                page.items().forEach(key -> remember(time.at(due(key)), key));
                request = page.next();
            }
        } catch (MechaException failure) {
            LOG.warn(
                    "The delayed events of channel '{}' cannot be listed: {}",
                    channel.name(),
                    Thrown.describe(failure));
        }
        timers.after(SCAN_PAUSE, () -> work(this::scan));
    }

    private Instant due(String key) {
        int end = key.indexOf('-', prefix.length());
        try {
            return Instant.ofEpochMilli(Long.parseLong(key.substring(prefix.length(), Math.max(end, prefix.length()))));
        } catch (NumberFormatException foreign) {
            return clock.instant();
        }
    }

    /** Has what is due published; by one worker at a time. */
    private void poll() {
        if (wanted.getAndIncrement() == 0) {
            work(this::publishAll);
        }
    }

    private void publishAll() {
        int seen = wanted.get();
        while (!closed) {
            List<CompletableFuture<?>> together = new ArrayList<>();
            while (together.size() < MAXIMUM_TOGETHER
                    && !soon.isEmpty()
                    && !soon.first().due().isAfter(time.now())) {
                Due due = soon.pollFirst();
                if (due != null) {
                    times.remove(due.key(), due.due());
                    together.add(publish(due.key()));
                }
            }
            await(together);
            if (together.isEmpty()) {
                if (wanted.compareAndSet(seen, 0)) {
                    return;
                }
                seen = wanted.get();
            }
        }
    }

    private void await(List<CompletableFuture<?>> together) {
        try {
            CompletableFuture.allOf(together.toArray(CompletableFuture<?>[]::new))
                    .get(channel.out().timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException tried) {
            LOG.debug("Delayed events of channel '{}' are tried again", channel.name(), tried);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<?> publish(String key) {
        Instant pause = pauses.get(key);
        if (pause != null && pause.isAfter(time.now())) {
            remember(pause, key);
            return CompletableFuture.completedFuture(null);
        }
        try {
            Versioned<byte[]> entry = store.find(key).orElse(null);
            if (entry == null) {
                forget(key);
                return CompletableFuture.completedFuture(null);
            }
            Duration left = claimant.left(DelayedMessage.claimedBy(entry.value()));
            if (!left.isZero()) {
                remember(time.now().plus(left), key);
                return CompletableFuture.completedFuture(null);
            }
            byte[] claim = DelayedMessage.claimed(entry.value(), claimant.claim());
            WriteResult result = store.replace(key, claim, entry.version(), PutOptions.noExpiry());
            if (result instanceof WriteResult.Written written) {
                pauses.put(key, time.now().plus(lease));
                return send(key, claim, written.version());
            }
            remember(time.now().plus(lease), key);
            return CompletableFuture.completedFuture(null);
        } catch (MechaException failure) {
            later(key, failure);
            return CompletableFuture.completedFuture(null);
        }
    }

    private CompletableFuture<?> send(String key, byte[] claim, String version) {
        CompletionStage<Receipt> sent;
        try {
            DelayedMessage delayed = DelayedMessage.read(claim);
            sent = next.send(delayed.id(), delayed.message());
        } catch (RuntimeException failure) { // allow CatchException: handled as a failed stage
            sent = CompletableFuture.failedFuture(failure);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        sent.whenComplete((receipt, failure) -> work(() -> {
            try {
                finish(key, version, failure);
            } finally {
                done.complete(null);
            }
        }));
        return done;
    }

    private void finish(String key, String version, @Nullable Throwable failure) {
        if (failure != null) {
            later(key, failure);
            return;
        }
        try {
            store.remove(key, version);
            forget(key);
            statistics.relayed().increment();
        } catch (MechaException unfinished) {
            LOG.debug("A claim on a delayed event of channel '{}' ends by itself", channel.name(), unfinished);
            remember(time.now().plus(lease), key);
        }
    }

    private void forget(String key) {
        failures.remove(key);
        pauses.remove(key);
        if (parked.remove(key)) {
            statistics.parked().decrement();
        }
    }

    /** Has an entry tried again. */
    private void later(String key, Throwable failure) {
        int count = failures.merge(key, 1, Integer::sum);
        boolean forGood = Failures.isPermanent(failure);
        Duration wait = forGood ? Pauses.parked() : Pauses.after(count);
        statistics.relayFailures().increment();
        if (forGood && parked.add(key)) {
            statistics.parked().increment();
        }
        long told = (forGood ? refused : unsent).add();
        if (told > 0) {
            LOG.warn(
                    "Delayed events of channel '{}' could not be sent, {} times; they are kept and tried again{}: {}",
                    channel.name(),
                    told,
                    forGood ? " every ten minutes, though they were refused for good" : "",
                    Thrown.describe(Failures.of(channel, failure)));
        }
        Instant until = time.now().plus(wait);
        pauses.put(key, until);
        remember(until, key);
    }

    private void work(Runnable task) {
        try {
            workers.execute(task);
        } catch (RejectedExecutionException stopped) {
            LOG.debug("The delay queue of channel '{}' stops", channel.name());
        }
    }

    /** What is claimed and not removed is published again, by the first node after the claim. */
    @Override
    public void close() {
        closed = true;
    }

    /** An entry and when to look at it, by elapsed time. */
    private record Due(Instant due, String key) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            int order = due.compareTo(other.due);
            return order == 0 ? key.compareTo(other.key) : order;
        }
    }
}
