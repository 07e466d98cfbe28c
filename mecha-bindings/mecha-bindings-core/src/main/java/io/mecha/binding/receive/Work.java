// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.InvalidEventException;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way through a group.
 *
 * <p>Belongs to one thread at a time, which took it from a queue, a timer or a callback. Only the link to the follower of its key is
 * touched by two.
 */
final class Work {

    private static final AtomicReferenceFieldUpdater<Work, @Nullable Work> NEXT =
            AtomicReferenceFieldUpdater.newUpdater(Work.class, Work.class, "next");
    private static final Work SEALED = new Work();

    private final @Nullable Delivery delivery;
    private final @Nullable SharedDelivery shared;
    private volatile @Nullable Work next;
    private @Nullable HandlerSubscription<?> target;
    private @Nullable IncomingEvent event;
    private @Nullable InvalidEventException unreadable;
    private @Nullable String lane;
    private int failures;
    private volatile boolean joined;
    private boolean parked;

    private Work() {
        this.delivery = null;
        this.shared = null;
    }

    Work(Delivery delivery, HandlerSubscription<?> target) {
        this(delivery, null, target);
    }

    private Work(Delivery delivery, @Nullable SharedDelivery shared, HandlerSubscription<?> target) {
        this.delivery = delivery;
        this.shared = shared;
        this.target = target;
    }

    /** Makes one event of a message that holds several. */
    static Work part(SharedDelivery shared, HandlerSubscription<?> target) {
        return new Work(shared.whole(), shared, target);
    }

    /** Returns the backend's own delivery, which may hold other events, too. */
    Delivery whole() {
        return Objects.requireNonNull(delivery);
    }

    /** Returns the backend's own delivery, if it holds nothing but this event. */
    @Nullable Delivery sole() {
        return shared == null ? delivery : null;
    }

    /** Returns the message, which may hold other events, too. */
    Message message() {
        return whole().message();
    }

    /** Tells whether the message is still ours. */
    boolean current() {
        return whole().current();
    }

    /** Finishes the event; does not throw. */
    void acknowledge() {
        try {
            if (shared == null) {
                whole().acknowledge();
            } else {
                shared.acknowledge(parked);
            }
        } catch (Throwable failure) { // allow CatchException: as after a lost connection, the backend delivers again
            unfinished("acknowledge", failure);
        }
    }

    /** Gives the event back; does not throw. */
    void release() {
        try {
            if (shared == null) {
                whole().release();
            } else {
                shared.release(parked);
            }
        } catch (Throwable failure) { // allow CatchException: as after a lost connection, the backend delivers again
            unfinished("release", failure);
        }
    }

    /** Gives the event up; does not throw. */
    void reject(Rejection rejection) {
        try {
            if (shared == null) {
                whole().reject(rejection);
            } else {
                shared.reject(rejection, parked);
            }
        } catch (Throwable failure) { // allow CatchException: as after a lost connection, the backend delivers again
            unfinished("reject", failure);
        }
    }

    /** Has the backend remember how many attempts failed; does not throw. */
    void failed(AttemptMemory memory, int attempts) {
        try {
            if (shared == null) {
                memory.failed(whole(), attempts);
            } else {
                shared.failed(memory, attempts);
            }
        } catch (Throwable failure) { // allow CatchException: the attempts count in this JVM only
            unfinished("count the attempts of", failure);
        }
    }

    private void unfinished(String what, Throwable failure) {
        target().unfinished(what, failure);
    }

    HandlerSubscription<?> target() {
        return Objects.requireNonNull(target);
    }

    void target(HandlerSubscription<?> other) {
        this.target = other;
    }

    /** Returns the event; {@code null} before it is read, and for ever if it cannot be. */
    @Nullable IncomingEvent event() {
        return event;
    }

    void event(IncomingEvent read) {
        this.event = read;
    }

    @Nullable InvalidEventException unreadable() {
        return unreadable;
    }

    void unreadable(InvalidEventException reason) {
        this.unreadable = reason;
    }

    /** Returns the key whose order it keeps, or {@code null}. */
    @Nullable String lane() {
        return lane;
    }

    void lane(@Nullable String key) {
        this.lane = key;
    }

    /** Returns the number of the attempt that comes next, 1 for the first. */
    int attempt() {
        return whole().attempt() + failures;
    }

    /** Tells whether it was put aside, so that it stands in nobody's way. */
    boolean parked() {
        return parked;
    }

    /** Puts the event aside; does not throw. */
    void park() {
        parked = true;
        try {
            if (shared == null) {
                whole().park();
            } else {
                shared.park();
            }
        } catch (Throwable failure) { // allow CatchException: it takes a place, then
            unfinished("put aside", failure);
        }
    }

    void countFailure() {
        failures++;
    }

    /** Tells whether this is part of a batch already, together with what is before it. */
    boolean joined() {
        return joined;
    }

    void joined(boolean part) {
        this.joined = part;
    }

    /** Puts another behind this; {@code false} if this was finished meanwhile, so that the other waits for nobody. */
    boolean link(Work follower) {
        return NEXT.compareAndSet(this, null, follower);
    }

    /** Ends the waiting behind this; returns the event that waited, or {@code null}. */
    @SuppressWarnings("ReferenceEquality") // the seal is a marker
    @Nullable Work seal() {
        return NEXT.compareAndSet(this, null, SEALED) ? null : follower();
    }

    /** Returns the event that waits behind this, or {@code null}. */
    @SuppressWarnings("ReferenceEquality") // the seal is a marker
    @Nullable Work follower() {
        Work follower = next;
        return follower == SEALED ? null : follower;
    }
}
