// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One message in the hands of one consumer. Its own value is its state, so that a delivery is one small object. */
final class MemoryDelivery extends AtomicInteger implements Delivery {

    private static final long serialVersionUID = 1L;
    private static final int HELD = 0;
    private static final int PARKED = 1;
    private static final int FINISHED = 2;

    final transient Queued queued;
    final transient MemoryConsumer consumer;

    /** The lane that the message belongs to; {@code null} if nothing waits for it. */
    final transient @Nullable KeyLane lane;

    private final int attempt;

    MemoryDelivery(Queued queued, MemoryConsumer consumer, @Nullable KeyLane lane) {
        this.queued = queued;
        this.consumer = consumer;
        this.lane = lane;
        this.attempt = ++queued.attempts;
    }

    /** Takes the right to decide what becomes of the message. */
    boolean finish() {
        int before = get();
        while (before != FINISHED) {
            if (compareAndSet(before, FINISHED)) {
                if (before == PARKED) {
                    consumer.taken(1); // a place that ends with it
                }
                return true;
            }
            before = get();
        }
        return false;
    }

    /** Gives its place up; under the group's lock. */
    void leavePlace() {
        if (compareAndSet(HELD, PARKED)) {
            consumer.ended(1);
        }
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
        return get() != FINISHED;
    }

    @Override
    public void acknowledge() {
        if (finish()) {
            consumer.group().done(this);
        }
    }

    @Override
    public void release() {
        consumer.group().release(this);
    }

    @Override
    public void reject(Rejection rejection) {
        acknowledge();
    }

    @Override
    public void park() {
        consumer.group().park(this);
    }

    @Override
    public String toString() {
        return "MemoryDelivery[%s, attempt=%d, current=%s]".formatted(message(), attempt, current());
    }
}
