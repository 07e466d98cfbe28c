// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.runtime.Ids;
import io.mecha.state.KeyValueStore;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Written;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The decision which instants this node fires; used by one thread at a time.
 *
 * <p>Instants that were missed count as one, the last of them. With a state store, one node fires each instant: the one whose
 * write of the instant replaces the version that it read. The entry holds the instant that was fired last, by whom, and with
 * what schedule; all nodes count on from there, so that a late clock or a later start changes nothing. What was missed
 * while no node ran fires at the start, unless the schedule is another one now.
 *
 * <p>A node that fires has a {@link RunLease lease} until the run is over. What is due meanwhile is missed.
 *
 * <p>A rate does not wait for the calendar. If the entry holds what is still to come here, because the clock of this machine was set
 * back before the start, or that of another one is ahead, we count on from when we saw it.
 */
final class TimerRuns {

    private final Schedule schedule;
    private final @Nullable KeyValueStore<byte[]> store;
    private final String key;
    private final @Nullable RunLease lease;
    private final Instant notBefore;
    private final String node = Ids.random();
    private Instant last;
    private boolean looked;

    /** How far what was fired last is ahead of the time here; only where a rate counts. */
    private Duration ahead = Duration.ZERO;

    /** What this node may have claimed; a lost answer left that open. */
    private @Nullable Instant unsure;

    /** When to ask for the lease again; {@code null} unless another node had it. */
    private @Nullable Instant again;

    TimerRuns(
            Schedule schedule,
            @Nullable KeyValueStore<byte[]> store,
            String key,
            @Nullable RunLease lease,
            Instant notBefore) {
        this.schedule = schedule;
        this.store = store;
        this.key = key;
        this.lease = lease;
        this.notBefore = notBefore;
        this.last = schedule instanceof Schedule.FixedRate fixed ? notBefore.minus(fixed.rate()) : notBefore;
        this.looked = store == null;
    }

    private record Fired(Instant instant, String node, String schedule) {}

    /** Returns when to ask again whether to fire; {@code null} for never. */
    @Nullable Instant next() {
        Instant next = unsure == null ? nextOfSchedule() : unsure;
        Instant due = next == null ? null : next.minus(ahead);
        return due == null || again == null || again.isBefore(due) ? due : again;
    }

    private @Nullable Instant nextOfSchedule() {
        return looked ? schedule.next(last) : notBefore;
    }

    /** Returns when to ask for the lease again; {@code null} for at once. */
    @Nullable Instant again() {
        return again;
    }

    /**
     * Has the lease again for a run that came back.
     *
     * @return whether the run may begin
     * @throws io.mecha.MechaException if the store cannot be reached; ask again later
     */
    boolean resume(Instant now) {
        return lease == null || lease.isHeld() || enter(lease, now);
    }

    /** Returns the lease that a run needs; {@code null} if runs may overlap, or other nodes do not matter. */
    @Nullable RunLease lease() {
        return lease;
    }

    /**
     * Takes the instant that is due.
     *
     * @return the instant; {@code null} if none is due, or another node fires it
     * @throws io.mecha.MechaException if the store cannot be reached; ask again later
     */
    @Nullable Instant claim(Instant now) {
        if (store != null) {
            return claim(store, now);
        }
        Instant due = schedule.latest(last, now);
        last = due == null ? last : due;
        return due;
    }

    private @Nullable Instant claim(KeyValueStore<byte[]> store, Instant now) {
        while (true) {
            Versioned<byte[]> found = store.find(key).orElse(null);
            Fired fired = found == null ? null : read(found.value());
            looked = true;
            if (fired != null && fired.schedule().equals(schedule.toString())) {
                last = fired.instant();
                follow(now);
            }
            if (fired != null && fired.node().equals(node) && fired.instant().equals(unsure)) {
                if (!resume(now)) {
                    return null;
                }
                unsure = null;
                return fired.instant();
            }
            unsure = null;
            Instant due = schedule.latest(last, now.plus(ahead));
            if (due == null) {
                return null;
            }
            if (fired != null && !due.isAfter(fired.instant())) {
                last = due;
                return null;
            }
            if (lease != null && !enter(lease, now)) {
                return null;
            }
            if (write(store, due, found == null ? null : found.version())) {
                last = due;
                return due;
            }
        }
    }

    private boolean enter(RunLease lease, Instant now) {
        Duration wait = lease.enter();
        again = wait.isZero() ? null : now.plus(wait);
        return wait.isZero();
    }

    private void follow(Instant now) {
        Duration difference = Duration.between(now, last);
        if (schedule instanceof Schedule.FixedRate && difference.compareTo(ahead) > 0) {
            ahead = difference;
        }
    }

    private boolean write(KeyValueStore<byte[]> store, Instant due, @Nullable String version) {
        byte[] value = "%s %s %s".formatted(due, node, schedule).getBytes(StandardCharsets.UTF_8);
        unsure = due;
        WriteResult result = version == null ? store.putIfAbsent(key, value) : store.replace(key, value, version);
        unsure = null;
        return result instanceof Written;
    }

    private static @Nullable Fired read(byte[] value) {
        String[] parts = new String(value, StandardCharsets.UTF_8).split(" ", 3);
        try {
            return parts.length < 3 ? null : new Fired(Instant.parse(parts[0]), parts[1], parts[2]);
        } catch (DateTimeException foreign) {
            return null;
        }
    }
}
