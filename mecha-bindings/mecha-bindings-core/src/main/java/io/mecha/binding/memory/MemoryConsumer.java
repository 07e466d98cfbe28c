// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.LentThread;
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

    /** The innermost call that this thread is in; of a type of the JDK, so that a thread that outlives them keeps no classes. */
    private static final ThreadLocal<@Nullable Object[]> CALL = ThreadLocal.withInitial(() -> new Object[1]);

    private final Destination destination;
    private final Group group;
    private final ConsumerRequest request;
    private final Receiver receiver;
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
        @Nullable Object[] call = CALL.get();
        Object outer = call[0];
        call[0] = outer == null ? outermost : new Call(this, (Call) outer);
        try {
            receiver.receive(deliveries);
        } catch (RuntimeException | Error failure) {
            report(failure);
        } finally {
            call[0] = outer;
        }
    }

    /** Calls the receiver on the thread of a sender, which it may use for the handler. */
    void receiveDirectly(MemoryDelivery delivery) {
        boolean before = LentThread.lend();
        try {
            receive(List.of(delivery));
        } finally {
            LentThread.end(before);
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
        for (Call call = (Call) CALL.get()[0]; call != null; call = call.outer()) {
            own += call.consumer() == this ? 1 : 0;
        }
        while (running.get() > own) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
