// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One claimed row. What finishes it is written by its consumer, many at once. */
final class JdbcDelivery implements Delivery {

    private final JdbcConsumer consumer;
    private final long id;
    private final @Nullable String key;
    private final Message message;
    private final int attempt;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
    private volatile long validUntil;
    private volatile boolean parked;

    /** The state of a delivery. */
    enum State {
        OPEN,
        HANDLED,
        RELEASED,
        ASIDE,
        FORWARDING,
        FORWARDED,
        LOST
    }

    JdbcDelivery(JdbcConsumer consumer, Claims.Row row, Message message, long validUntil) {
        this.consumer = consumer;
        this.id = row.id();
        this.key = row.key();
        this.message = message;
        this.attempt = row.attempt();
        this.validUntil = validUntil;
    }

    JdbcConsumer consumer() {
        return consumer;
    }

    long id() {
        return id;
    }

    /** Returns what orders it, as the table has it. */
    @Nullable String key() {
        return key;
    }

    State state() {
        return state.get();
    }

    /** Moves on, unless it is elsewhere. */
    boolean change(State from, State to) {
        return state.compareAndSet(from, to);
    }

    /** Learns until when, in the nanoseconds of this JVM, the lease lasts at least. */
    void renewed(long until) {
        validUntil = until;
    }

    boolean leased() {
        return System.nanoTime() - validUntil < 0;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean current() {
        State now = state.get();
        return (now == State.OPEN || now == State.FORWARDING) && leased();
    }

    @Override
    public void acknowledge() {
        finish(State.HANDLED);
    }

    @Override
    public void release() {
        consumer.claimed().release(this);
    }

    @Override
    public void reject(Rejection rejection) {
        finish(State.HANDLED);
    }

    @Override
    public void park() {
        consumer.park(this);
    }

    /** Leaves it here, in nobody's place. */
    void parked(boolean aside) {
        parked = aside;
    }

    boolean parked() {
        return parked;
    }

    private void finish(State how) {
        if (change(State.OPEN, how)) {
            consumer.claimed().finished(this);
        }
    }
}
