// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.FencingToken;
import io.mecha.coordination.LeaseLostException;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.GuardedTask;
import io.mecha.state.spi.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lease that this node was granted, with the deadline until which it counts on it.
 *
 * <p>The deadline is taken from when the lease was asked for, not from the answer, and is a little earlier than the backend's, because two
 * clocks do not run equally fast. It is looked at wherever the lease is, so that a process that was paused knows at once; once it was
 * seen to have passed, no late answer makes the lease valid again.
 */
final class KeptLease {

    private static final int DRIFT = 100;
    private static final int ROUNDS = 3;
    private static final int EARLY = 6;

    /** A term of a lease. */
    enum State {
        HELD,
        /** Given back. */
        ENDED,
        /** The deadline passed, or the engine was closed; the backend may still count it as held. */
        LAPSED,
        /** The backend says that it is over. */
        TAKEN
    }

    /** An observer of the end, which must neither block nor throw. */
    interface Watcher {

        /** The margin before the deadline has begun, and the lease was not renewed. */
        void endangered();

        /** The lease is being lost, and cannot be given back meanwhile. Must take no lock. */
        void losing();

        /** The lease was lost, and not given back before. */
        void lost();
    }

    private final String name;
    private final Lease lease;
    private final FencingToken token;
    private final Terms terms;
    private final ElapsedTime time;
    private final Executor callbacks;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> whenLost = new ArrayList<>(1);
    private volatile State state = State.HELD;
    private volatile String reason = "it was given back";
    private volatile long deadline;
    private volatile long renewAt;
    private volatile long wanted;
    private volatile boolean warned;

    /**
     * The terms on which a lease is asked for.
     *
     * @param span how long it lasts
     * @param renewed whether it is renewed
     * @param margin how long before the deadline the watcher is warned; zero for never
     * @param watcher is told of the end
     */
    record Terms(Duration span, boolean renewed, Duration margin, Watcher watcher) {}

    KeptLease(
            String name,
            Lease lease,
            FencingToken token,
            Terms terms,
            long asked,
            Duration granted,
            ElapsedTime time,
            Executor callbacks) {
        this.name = name;
        this.lease = lease;
        this.token = token;
        this.terms = terms;
        this.time = time;
        this.callbacks = callbacks;
        this.deadline = deadline(asked, granted);
        this.renewAt = asked + granted.toNanos() / ROUNDS;
        this.wanted = asked;
    }

    private static long deadline(long asked, Duration span) {
        return asked + span.toNanos() - span.toNanos() / DRIFT;
    }

    Lease lease() {
        return lease;
    }

    FencingToken token() {
        return token;
    }

    State state() {
        return state;
    }

    long deadline() {
        return deadline;
    }

    boolean isValid() {
        if (state != State.HELD) {
            return false;
        }
        if (time.nanos() - deadline < 0) {
            return true;
        }
        lapse("its deadline passed before it was renewed");
        return false;
    }

    boolean isLost() {
        return !isValid() && state != State.ENDED;
    }

    void assertValid() {
        if (!isValid()) {
            throw new LeaseLostException(name, token, reason);
        }
    }

    Duration remaining() {
        return isValid() ? Duration.ofNanos(Math.max(0, deadline - time.nanos())) : Duration.ZERO;
    }

    void onLost(Runnable action) {
        lock.lock();
        try {
            if (state == State.HELD) {
                whenLost.add(action);
                return;
            }
            if (state == State.ENDED) {
                return;
            }
        } finally {
            lock.unlock();
        }
        tell(action);
    }

    /** Tell when there is something to do next: to renew, to warn, to end. */
    long next(boolean renewing) {
        long next = deadline;
        if (!terms.margin().isZero() && !warned) {
            next = Math.min(next, deadline - terms.margin().toNanos());
        }
        return terms.renewed() && !renewing ? Math.min(next, renewAt) : next;
    }

    /** Look at the deadline, and tell the watcher; returns whether it is still held. */
    boolean look() {
        if (!isValid()) {
            return false;
        }
        if (!terms.margin().isZero()
                && !warned
                && time.nanos() - (deadline - terms.margin().toNanos()) >= 0) {
            warned = true;
            terms.watcher().endangered();
        }
        return true;
    }

    /** Tell whether it belongs into a round of renewals now: it is due, or soon will be, and one round for many is enough. */
    boolean isDue(long now) {
        return terms.renewed() && now - (renewAt - terms.span().toNanos() / EARLY) >= 0;
    }

    boolean isOverdue(long now) {
        return terms.renewed() && now - renewAt >= 0;
    }

    /** Return how long it is to last from now: as agreed, or for what is left of an extension. */
    Duration span(long now) {
        return Duration.ofNanos(Math.max(terms.span().toNanos(), wanted - now));
    }

    /** Remember that it was asked to last for a time, so that no renewal makes it shorter; one thread at a time. */
    void want(long until) {
        wanted = Math.max(wanted, until);
    }

    void renewed(long asked, Duration span) {
        if (!isValid()) {
            return;
        }
        deadline = Math.max(deadline, deadline(asked, span));
        renewAt = asked + terms.span().toNanos() / ROUNDS;
        warned = false;
    }

    /** Give it back; returns what it was before. */
    State end() {
        lock.lock();
        try {
            State before = state;
            if (before == State.HELD) {
                state = State.ENDED;
                whenLost.clear();
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    void lapse(String why) {
        lose(State.LAPSED, why);
    }

    void taken() {
        lose(State.TAKEN, "the backend says that it is over, and another node may have it");
    }

    private void lose(State how, String why) {
        List<Runnable> told;
        lock.lock();
        try {
            if (state != State.HELD) {
                return;
            }
            reason = why;
            state = how;
            told = List.copyOf(whenLost);
            whenLost.clear();
            terms.watcher().losing();
        } finally {
            lock.unlock();
        }
        terms.watcher().lost();
        told.forEach(this::tell);
    }

    private void tell(Runnable action) {
        GuardedTask task = new GuardedTask("A callback for a lost lock or leadership", action);
        try {
            callbacks.execute(task);
        } catch (RejectedExecutionException closed) {
            task.run(); // there are no threads any more
        }
    }
}
