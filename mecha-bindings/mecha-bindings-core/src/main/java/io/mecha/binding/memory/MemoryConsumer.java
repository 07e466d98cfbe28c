// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.DirectReceiver;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.Troubles;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A member of a group. */
final class MemoryConsumer implements MessageConsumer {

    private static final int FEW = 64;
    private static final Duration PAUSE = Duration.ofMillis(1);

    /** The calls of receivers that this thread is in. */
    private static final ThreadLocal<@Nullable Call> CALLS = new ThreadLocal<>();

    private final Destination destination;
    private final Group group;
    private final ConsumerRequest request;
    private final Receiver receiver;
    private final @Nullable DirectReceiver direct;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean paused;
    private volatile boolean closed;

    /** What was handed out, with some that is finished already; guarded by the group's lock. */
    final ArrayDeque<MemoryDelivery> handedOut = new ArrayDeque<>();

    /** How many are kept when those are removed that are finished; guarded by the group's lock. */
    private int sweepAt = FEW;

    /** The lanes that this member owns and that have more for it; guarded by the group's lock. */
    final Set<KeyLane> lanes = new LinkedHashSet<>();

    private record Call(MemoryConsumer consumer, @Nullable Call outer) {}

    private final Call outermost = new Call(this, null);

    MemoryConsumer(Destination destination, Group group, ConsumerRequest request, Receiver receiver) {
        this.destination = destination;
        this.group = group;
        this.request = request;
        this.receiver = receiver;
        this.direct = receiver instanceof DirectReceiver able ? able : null;
        this.paused = request.paused();
    }

    Group group() {
        return group;
    }

    ConsumerRequest request() {
        return request;
    }

    /** Returns how many messages may be handed out now. */
    int room() {
        return paused || closed ? 0 : request.maxInFlight() - inFlight.get();
    }

    void taken(int count) {
        inFlight.addAndGet(count);
    }

    void ended(int count) {
        inFlight.addAndGet(-count);
    }

    /** Takes room for one message without the group's lock, and begins a call. */
    boolean enterDirectly() {
        running.incrementAndGet();
        if (!paused && !closed) {
            if (inFlight.incrementAndGet() <= request.maxInFlight()) {
                return true;
            }
            inFlight.decrementAndGet();
        }
        running.decrementAndGet();
        return false;
    }

    /** Begins a call, after which {@link #close} waits for {@link #receive} to end. */
    void enter() {
        running.incrementAndGet();
    }

    /** Calls the receiver, and ends the call that was begun. */
    void receive(List<MemoryDelivery> deliveries) {
        Call outer = CALLS.get();
        CALLS.set(outer == null ? outermost : new Call(this, outer));
        try {
            receiver.receive(deliveries);
        } catch (RuntimeException | Error failure) {
            report(failure);
        } finally {
            CALLS.set(outer);
        }
    }

    /** Calls the receiver on the thread of a sender, and ends the call that was begun. */
    void receiveDirectly(MemoryDelivery delivery) {
        if (direct == null) {
            receive(List.of(delivery));
            return;
        }
        Call outer = CALLS.get();
        CALLS.set(outer == null ? outermost : new Call(this, outer));
        try {
            direct.receiveDirectly(delivery);
        } catch (RuntimeException | Error failure) {
            report(failure);
        } finally {
            CALLS.set(outer);
        }
    }

    private static void report(Throwable failure) {
        Troubles.failed("A receiver of memory, whose messages wait until it is closed,", failure);
    }

    void leave() {
        running.decrementAndGet();
    }

    /** Keeps what was handed out, to take it back on close; under the group's lock. */
    void remember(MemoryDelivery delivery) {
        while (!handedOut.isEmpty() && !handedOut.peek().current()) {
            handedOut.remove();
        }
        if (handedOut.size() >= sweepAt) {
            handedOut.removeIf((old) -> !old.current());
            sweepAt = Math.max(FEW, 2 * handedOut.size());
        }
        handedOut.add(delivery);
    }

    @Override
    public void pause() {
        group.locked(() -> paused = true);
    }

    @Override
    public void resume() {
        paused = false;
        group.wake();
    }

    @Override
    public void close() {
        group.locked(() -> closed = true);
        awaitCalls();
        group.leave(this);
        if (request.ephemeral()) {
            destination.end(request.group());
        }
    }

    /** Waits for running calls, except for those that this thread is in itself. */
    private void awaitCalls() {
        int own = 0;
        for (Call call = CALLS.get(); call != null; call = call.outer()) {
            own += call.consumer() == this ? 1 : 0;
        }
        while (running.get() > own) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
