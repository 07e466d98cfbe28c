// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.Overflow;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.Failures;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Timers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The sends of a channel that are not confirmed, bounded in number and in time.
 *
 * <p>A send whose backend has it already is never seen here; the others cost a place in a concurrent set. The bound is looked at
 * without a lock, so that threads that look at the same moment may exceed it by as many as they are.
 */
final class PendingSends {

    private static final Duration MINIMUM_TICK = Duration.ofMillis(20);
    private static final int TICKS = 10;

    private final ChannelOptions channel;
    private final boolean local;
    private final ElapsedTime time;
    private final Timers timers;
    private final int maximum;
    private final Duration timeout;
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean ticking = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();

    /** Counts the sends of a channel; a local one has nobody but this JVM that could take what waits for room. */
    PendingSends(ChannelOptions channel, boolean local, ElapsedTime time, Timers timers) {
        this.channel = channel;
        this.local = local;
        this.time = time;
        this.timers = timers;
        this.maximum = channel.out().maxInFlight();
        this.timeout = channel.out().timeout();
    }

    /**
     * Returns when there is room for one more send.
     *
     * @throws SendException if there is none, at once or in time
     */
    void admit() {
        if (count.get() >= maximum) {
            if (channel.out().overflow() == Overflow.FAIL) {
                throw SendException.overflow(channel.name(), Duration.ZERO);
            }
            await();
        }
    }

    private void await() {
        long left = timeout.toNanos();
        waiting.incrementAndGet();
        lock.lock();
        try {
            while (count.get() >= maximum) {
                if (left <= 0) {
                    throw SendException.overflow(channel.name(), timeout);
                }
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw SendException.overflow(channel.name(), timeout.minusNanos(Math.max(0, left)));
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    /** Returns how many sends are not confirmed. */
    int count() {
        return count.get();
    }

    /** Waits for a stage, in the background, no longer than a send may take. */
    CompletableFuture<Receipt> track(CompletionStage<Receipt> stage) {
        Pending send = new Pending(time.nanos() + timeout.toNanos());
        count.incrementAndGet();
        pending.add(send);
        stage.whenComplete(send);
        if (!send.isDone()) {
            tick();
        }
        return send;
    }

    private void tick() {
        if (ticking.compareAndSet(false, true)) {
            Duration tick = timeout.dividedBy(TICKS);
            timers.after(tick.compareTo(MINIMUM_TICK) < 0 ? MINIMUM_TICK : tick, this::expire);
        }
    }

    private void expire() {
        ticking.set(false);
        long now = time.nanos();
        pending.forEach(send -> {
            if (send.deadline <= now) {
                send.accept(null, SendException.unconfirmed(channel.name(), channel.type(), null));
            }
        });
        if (!pending.isEmpty()) {
            tick();
        }
    }

    /**
     * Waits for what is on its way, as long as a send may take, and gives up the rest; called when nothing is received any more, so that
     * what waits for room in this JVM would wait in vain.
     */
    void drain() {
        CompletableFuture<?> all = CompletableFuture.allOf(pending.toArray(CompletableFuture<?>[]::new));
        try {
            all.get(local ? 0 : timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException unconfirmed) {
            pending.forEach(send -> send.accept(null, SendException.unconfirmed(channel.name(), channel.type(), null)));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void released() {
        count.decrementAndGet();
        if (waiting.get() > 0) {
            lock.lock();
            try {
                room.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    /** A send that the backend has not confirmed. */
    private final class Pending extends CompletableFuture<Receipt>
            implements BiConsumer<@Nullable Receipt, @Nullable Throwable> {

        private final long deadline;

        Pending(long deadline) {
            this.deadline = deadline;
        }

        @Override
        public void accept(@Nullable Receipt receipt, @Nullable Throwable failure) {
            if (!pending.remove(this)) {
                return;
            }
            released();
            if (receipt != null) {
                complete(receipt);
            } else {
                completeExceptionally(
                        failure == null
                                ? SendException.unconfirmed(channel.name(), channel.type(), null)
                                : Failures.of(channel, failure));
            }
        }
    }
}
