// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.MechaException;
import io.mecha.PropertyNames;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.SupervisedThread;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumers of one group of a timer channel, and the thread that waits for them. */
final class TimerGroup {

    private static final Logger LOG = LoggerFactory.getLogger(TimerGroup.class);

    /** How soon a jump of the system's clock is noticed. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    /** How soon a move of time is noticed for which a thread cannot wait. */
    private static final Duration POLL = Duration.ofMillis(5);

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final String channel;
    private final InstantSource clock;
    private final boolean overlap;
    private final TimerRuns runs;
    private final Function<Instant, Message> message;
    private final Duration longestWait;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<TimerConsumer> consumers = new ArrayList<>();

    /** Runs that came back. */
    private final List<TimerDelivery> returned = new ArrayList<>();

    private boolean running;

    /** Whether it was said that the store does not answer; touched by the thread that waits only. */
    private boolean told;

    TimerGroup(String channel, Line line, boolean overlap, TimerRuns runs, Function<Instant, Message> message) {
        this.channel = channel;
        this.clock = line.now();
        this.overlap = overlap;
        this.runs = runs;
        this.message = message;
        this.longestWait = line.evenly() ? LONGEST_WAIT : POLL;
    }

    /**
     * The time of a schedule: the calendar for cron expressions, elapsed time for rates.
     *
     * @param now what time it is
     * @param evenly whether threads can wait for it
     */
    record Line(InstantSource now, boolean evenly) {}

    MessageConsumer join(ConsumerRequest request, Receiver receiver) {
        TimerConsumer consumer = new TimerConsumer(this, request, receiver);
        lock.lock();
        try {
            consumers.add(consumer);
            if (!running) {
                running = true;
                SupervisedThread unused = SupervisedThread.start("mecha-timer-" + channel, this::run);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
        return consumer;
    }

    /** Changes the state of a consumer or a delivery, and looks whether there is something to do now. */
    void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Puts a run back; under the lock. */
    void giveBack(TimerDelivery delivery) {
        returned.add(delivery);
    }

    /** Removes a consumer; under the lock. */
    void leave(TimerConsumer consumer) {
        consumers.remove(consumer);
    }

    private void run() {
        while (true) {
            TimerDelivery delivery = next();
            if (delivery == null) {
                return;
            }
            delivery.consumer().receive(delivery);
        }
    }

    private @Nullable TimerDelivery next() {
        try {
            while (awaitWork()) {
                keepLease();
                TimerDelivery delivery = claimAndDeliver();
                if (delivery != null) {
                    return delivery;
                }
            }
        } catch (InterruptedException nobodyMay) {
            throw new IllegalStateException("This thread must not be interrupted", nobodyMay); // begins again
        }
        return null;
    }

    private @Nullable TimerDelivery claimAndDeliver() throws InterruptedException {
        TimerConsumer free;
        boolean back;
        lock.lockInterruptibly();
        try {
            free = dueFor();
            back = !returned.isEmpty();
        } finally {
            lock.unlock();
        }
        if (free == null) {
            return null;
        }
        if (back) {
            return resume() ? deliver(free, null) : null;
        }
        return deliver(free, claim());
    }

    /** Gives the lease back if no run is out any more, and makes it longer if one is; without the lock, as the store may take its time. */
    private void keepLease() {
        RunLease lease = runs.lease();
        if (lease == null || !lease.isHeld()) {
            return;
        }
        try {
            if (!isOut()) {
                lease.leave();
            } else if (lease.isAging()) {
                lease.renew();
            }
        } catch (MechaException unreachable) {
            LOG.debug("The lease of timer channel '{}' ends by itself", channel, unreachable);
        }
    }

    private boolean isOut() {
        lock.lock();
        try {
            return isRunOut();
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether somebody has a run, or can have the one that came back; under the lock. */
    private boolean isRunOut() {
        return !consumers.isEmpty()
                && (!returned.isEmpty() || consumers.stream().anyMatch(TimerConsumer::busy));
    }

    /** Tells whether there is a lease to give back or to renew; under the lock. */
    private boolean wantsLeaseKept() {
        RunLease lease = runs.lease();
        return lease != null && lease.isHeld() && (lease.isAging() || !isRunOut());
    }

    /** Waits until there is something to do; returns {@code false} if nobody receives any more. */
    private boolean awaitWork() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!consumers.isEmpty() || wantsLeaseKept()) {
                if (wantsLeaseKept() || dueFor() != null) {
                    return true;
                }
                Instant next = free() == null ? null : dueNext(returned.isEmpty());
                Duration left = next == null ? LONGEST_WAIT : Duration.between(clock.instant(), next);
                Duration wait = left.compareTo(longestWait) < 0 ? left : longestWait;
                changed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
            }
            running = false;
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Returns who can take what is due now; {@code null} if nothing is, or nobody can. Under the lock. */
    private @Nullable TimerConsumer dueFor() {
        TimerConsumer free = free();
        if (free == null || (!returned.isEmpty() && runs.again() == null)) {
            return free;
        }
        Instant next = dueNext(returned.isEmpty());
        return next != null && !next.isAfter(clock.instant()) ? free : null;
    }

    /** Returns when the schedule, or what came back, is due; {@code null} for never, or at once. */
    private @Nullable Instant dueNext(boolean scheduled) {
        return scheduled ? runs.next() : runs.again();
    }

    private @Nullable TimerConsumer free() {
        boolean busy = consumers.stream().anyMatch(TimerConsumer::busy);
        if (busy && !overlap) {
            return null;
        }
        return consumers.stream().filter(TimerConsumer::hasRoom).findFirst().orElse(null);
    }

    /** Claims what is due without the lock, since the store may take its time. */
    private @Nullable Instant claim() throws InterruptedException {
        try {
            Instant claimed = runs.claim(clock.instant());
            told = false;
            return claimed;
        } catch (MechaException unreachable) {
            waitFor(unreachable);
            return null;
        }
    }

    /** Asks for the lease for what came back, without the lock, since the store may take its time. */
    private boolean resume() throws InterruptedException {
        try {
            boolean resumed = runs.resume(clock.instant());
            told = false;
            return resumed;
        } catch (MechaException unreachable) {
            waitFor(unreachable);
            return false;
        }
    }

    private void waitFor(MechaException unreachable) throws InterruptedException {
        if (!told) {
            LOG.warn(
                    "Timer channel '{}' does not fire until its state store answers; see {}. {}",
                    channel,
                    PropertyNames.channel(channel, "timer.store"),
                    unreachable.problem());
        }
        told = true;
        LOG.debug("Timer channel '{}' could not ask its store", channel, unreachable);
        pause();
    }

    private void pause() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = RETRY.toNanos();
            while (left > 0 && !consumers.isEmpty()) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes a delivery of a run that came back or was claimed; keeps it if nobody can take it any more. */
    private @Nullable TimerDelivery deliver(TimerConsumer expected, @Nullable Instant claimed) {
        lock.lock();
        try {
            if (claimed != null) {
                returned.add(new TimerDelivery(expected, message.apply(claimed), 0));
            }
            TimerConsumer free = free();
            if (free == null || returned.isEmpty()) {
                return null;
            }
            TimerDelivery before = returned.remove(0);
            TimerDelivery delivery = new TimerDelivery(free, before.message(), before.attempt() + 1);
            free.taken(delivery);
            return delivery;
        } finally {
            lock.unlock();
        }
    }
}
