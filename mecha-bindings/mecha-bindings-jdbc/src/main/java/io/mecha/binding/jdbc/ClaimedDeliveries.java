// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.jdbc.JdbcDelivery.State;
import io.mecha.runtime.KeyCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that a consumer has claimed, and the changes of them that are not in the database yet.
 *
 * <p>Where the order of keys matters, giving a message back takes back all that was handed out after it of its key, and nothing of the
 * key is claimed or handed out until the database knows: a message that is neither in the receiver's hands nor free would be overtaken.
 *
 * <p>Receivers change deliveries on any thread; all else is done by the thread of the consumer.
 */
final class ClaimedDeliveries {

    private final boolean ordered;
    private final Runnable changed;
    private final Map<Long, JdbcDelivery> out = new ConcurrentHashMap<>();
    private final Map<Long, Integer> attempts = new ConcurrentHashMap<>();
    private final Queue<JdbcDelivery> finished = new ConcurrentLinkedQueue<>();
    private final List<JdbcDelivery> unwritten = new ArrayList<>();

    /** The keys of which messages were given back by the receiver and are not free in the database yet. */
    private final KeyCounts<String> givenBack = new KeyCounts<>();

    /**
     * Begin without any.
     *
     * @param ordered whether the order of keys matters
     * @param changed runs after each change that is to be written
     */
    ClaimedDeliveries(boolean ordered, Runnable changed) {
        this.ordered = ordered;
        this.changed = changed;
    }

    int size() {
        return out.size();
    }

    int parked() {
        int parked = 0;
        for (JdbcDelivery delivery : out.values()) {
            parked += delivery.parked() ? 1 : 0;
        }
        return parked;
    }

    Set<Long> ids() {
        return out.keySet();
    }

    /** Returns the keys of which nothing may be claimed. */
    Set<String> blocked() {
        return givenBack.keys();
    }

    void finished(JdbcDelivery delivery) {
        finished.add(delivery);
        changed.run();
    }

    void failed(JdbcDelivery delivery, int count) {
        if (delivery.state() == State.OPEN) { // also after the lease: what is not ours any more is not changed
            attempts.put(delivery.id(), count);
            changed.run();
        }
    }

    /** Gives a message back, and with it what was handed out after it of its key. */
    void release(JdbcDelivery delivery) {
        String key = delivery.key();
        if (!ordered || key == null) {
            if (delivery.change(State.OPEN, State.RELEASED)) {
                finished(delivery);
            }
        } else if (takeBack(delivery, key)) {
            for (JdbcDelivery other : out.values()) {
                if (other.id() > delivery.id() && key.equals(other.key()) && other.state() == State.OPEN) {
                    attempts.putIfAbsent(other.id(), other.attempt() - 1); // nobody has tried it
                    takeBack(other, key);
                }
            }
        }
    }

    /** Blocks the key before anything else, so that the thread that hands out sees it, or is seen. */
    private boolean takeBack(JdbcDelivery delivery, String key) {
        if (delivery.state() != State.OPEN) {
            return false;
        }
        givenBack.add(key);
        boolean taken = delivery.change(State.OPEN, State.RELEASED);
        if (taken) {
            finished(delivery);
        } else {
            givenBack.remove(key);
        }
        return taken;
    }

    /** Gives back what was claimed while the consumer was paused; nobody has tried it. */
    void putBack(JdbcConsumer consumer, Claims.Row row, long until) {
        JdbcDelivery delivery = put(consumer, row, until);
        if (delivery != null) {
            attempts.put(row.id(), row.attempt() - 1);
            delivery.release();
        }
    }

    /** Returns what to hand out; nothing if we have the row and it is finished, or if its key was given back meanwhile. */
    @Nullable JdbcDelivery put(JdbcConsumer consumer, Claims.Row row, long until) {
        JdbcDelivery before = out.get(row.id());
        if (before != null && !before.change(State.OPEN, State.LOST) && before.state() != State.LOST) {
            attempts.putIfAbsent(row.id(), row.attempt() - 1);
            return null;
        }
        JdbcDelivery delivery = new JdbcDelivery(consumer, row, WireHeaders.read(row.headers(), row.body()), until);
        out.put(row.id(), delivery);
        String key = row.key();
        if (key != null && givenBack.contains(key)) {
            attempts.put(row.id(), row.attempt() - 1);
            delivery.release();
            return null;
        }
        return delivery;
    }

    /** Returns what is to be written next, the same and more until it is {@link #written}; {@code null} if that is nothing. */
    Claims.@Nullable Changes changes() {
        for (JdbcDelivery next = finished.poll(); next != null; next = finished.poll()) {
            unwritten.add(next);
        }
        Map<Long, Integer> failures = Map.copyOf(attempts);
        return unwritten.isEmpty() && failures.isEmpty()
                ? null
                : new Claims.Changes(failures, ids(State.HANDLED), ids(State.RELEASED), ids(State.ASIDE));
    }

    private List<Long> ids(State state) {
        return unwritten.stream()
                .filter(delivery -> delivery.state() == state && out.get(delivery.id()) == delivery)
                .map(JdbcDelivery::id)
                .toList();
    }

    /** Learns that the database has the latest {@link #changes}. */
    void written(Claims.Changes changes) {
        changes.attempts().forEach(attempts::remove);
        unwritten.forEach(this::written);
        unwritten.clear();
    }

    private void written(JdbcDelivery delivery) {
        out.remove(delivery.id(), delivery);
        String key = delivery.key();
        if (key != null && delivery.state() == State.RELEASED && ordered) {
            givenBack.remove(key);
        }
    }

    /** Tells whether the leases of all are known to last. */
    boolean leased() {
        return out.values().stream().allMatch(JdbcDelivery::leased);
    }

    /** Learns which leases last until when, in the nanoseconds of this JVM; the others are lost. */
    void renewed(Set<Long> owned, long until) {
        out.values().forEach(delivery -> {
            if (owned.contains(delivery.id())) {
                delivery.renewed(until);
            } else if (delivery.change(State.OPEN, State.LOST)) {
                out.remove(delivery.id(), delivery);
            }
        });
    }

    /** Lets go of all that are not finished; returns those that are lost. */
    List<Long> lose() {
        out.values().forEach(delivery -> delivery.change(State.OPEN, State.LOST));
        return out.values().stream()
                .filter(delivery -> delivery.state() == State.LOST)
                .map(JdbcDelivery::id)
                .toList();
    }

    void forget(List<Long> ids) {
        ids.forEach(out::remove);
    }
}
