// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.InvalidEventException;
import io.mecha.binding.spi.Delivery;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way through a group.
 *
 * <p>Belongs to one thread at a time: whoever took it from a queue, a timer or a callback. Only the link to the follower of its key is
 * touched by two.
 */
final class Work {

    private static final AtomicReferenceFieldUpdater<Work, @Nullable Work> NEXT =
            AtomicReferenceFieldUpdater.newUpdater(Work.class, Work.class, "next");
    private static final Work SEALED = new Work();

    private final @Nullable Delivery delivery;
    private volatile @Nullable Work next;
    private @Nullable HandlerSubscription<?> target;
    private @Nullable IncomingEvent event;
    private @Nullable InvalidEventException unreadable;
    private @Nullable String lane;
    private int failures;
    private volatile boolean joined;

    private Work() {
        this.delivery = null;
    }

    Work(Delivery delivery, HandlerSubscription<?> target) {
        this.delivery = delivery;
        this.target = target;
    }

    Delivery delivery() {
        return Objects.requireNonNull(delivery);
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

    void lane(String key) {
        this.lane = key;
    }

    /** Returns the number of the attempt that comes next, 1 for the first. */
    int attempt() {
        return delivery().attempt() + failures;
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

    /** Ends the waiting behind this; returns who waited, or {@code null}. */
    @SuppressWarnings("ReferenceEquality") // the seal is a marker
    @Nullable Work seal() {
        return NEXT.compareAndSet(this, null, SEALED) ? null : follower();
    }

    /** Returns who waits behind this, or {@code null}. */
    @SuppressWarnings("ReferenceEquality") // the seal is a marker
    @Nullable Work follower() {
        Work follower = next;
        return follower == SEALED ? null : follower;
    }
}
