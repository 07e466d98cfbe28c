// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.DistributedLock;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LockNotAcquiredException;
import io.mecha.coordination.LockOptions;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.ElapsedTime;
import io.mecha.state.StateContentionException;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A lock by name: first in this node, then in the backend. */
final class EngineLock implements DistributedLock {

    /** The longest rest between two questions. */
    private static final Duration LONGEST_REST = Duration.ofMillis(200);

    /** For how long a node lets others have a lock. */
    static final Duration AFTER_A_TURN = LONGEST_REST.plusMillis(50);

    private static final Backoff RESTS =
            Backoff.doubling(Duration.ofMillis(10), LONGEST_REST).shortened(0.5);
    private static final Duration LONGEST_WAIT = Duration.ofDays(Leases.MAXIMUM_DAYS);
    /** So many questions that the rests are as long as they get. */
    private static final int MANY = 10;

    private static final long AFTER_THE_END = Duration.ofMillis(1).toNanos();

    private final EngineLocks engine;
    private final String name;
    private final String leaseName;
    private final LockOptions options;
    private final ElapsedTime time;

    EngineLock(EngineLocks engine, String name, String leaseName, LockOptions options) {
        this.engine = engine;
        this.name = name;
        this.leaseName = leaseName;
        this.options = options;
        this.time = engine.keeper().time();
    }

    EngineLocks engine() {
        return engine;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LockOptions options() {
        return options;
    }

    @Override
    public Optional<HeldLock> tryAcquire() {
        return Optional.ofNullable(tryAcquire(new Wait(Duration.ZERO)));
    }

    @Override
    public Optional<HeldLock> tryAcquire(Duration timeout) {
        return Optional.ofNullable(tryAcquire(new Wait(timeout)));
    }

    @Override
    public HeldLock acquire() {
        Wait wait = new Wait(options.waitTimeout());
        HeldLock held = tryAcquire(wait);
        if (held == null) {
            throw LockNotAcquiredException.timedOut(name, options.waitTimeout(), wait.holder());
        }
        return held;
    }

    private @Nullable HeldLock tryAcquire(Wait wait) {
        if (wait.waits() && Thread.currentThread().isInterrupted()) {
            throw LockNotAcquiredException.interrupted(name);
        }
        if (options.reentrant()) {
            HeldLock again = again();
            if (again != null) {
                return again;
            }
        }
        LockQueue queue = engine.queues().enter(name);
        boolean first = false;
        boolean acquired = false;
        try {
            first = queue.await(wait.end);
            wait.local = !first;
            HeldLock held = first ? contend(queue, wait) : null;
            acquired = held != null;
            return held;
        } finally {
            CoordinationStatistics statistics = engine.keeper().statistics();
            (acquired ? statistics.acquired() : statistics.missed()).increment();
            if (!acquired) {
                if (first) {
                    queue.pass();
                }
                engine.queues().leave(queue);
            }
        }
    }

    private @Nullable HeldLock again() {
        LockQueue queue = engine.queues().find(name);
        if (queue == null) {
            return null;
        }
        Hold hold = queue.nested();
        if (hold == null) {
            return null;
        }
        LockHandle.Possession possession = hold.possession();
        if (possession != null && possession.lease().isValid()) {
            return new LockHandle(this, possession);
        }
        boolean unused = queue.leave(hold);
        return null;
    }

    /** Ask the backend until it grants the lock or the time is over. */
    private @Nullable HeldLock contend(LockQueue queue, Wait wait) {
        Hold hold = new Hold(options.interruptOnLoss(), () -> {
            queue.pass();
            engine.queues().leave(queue);
        });
        Question question = new Question(engine.keeper().newOwner(), hold);
        try {
            for (int asked = letOthers(queue, wait) + 1; ; asked++) {
                KeptLease lease = question.ask(wait);
                if (lease != null) {
                    return held(queue, lease, hold);
                }
                if (!wait.waits()) {
                    question.fail();
                    return null;
                }
                long rest = Math.min(RESTS.after(asked).toNanos(), wait.remaining + AFTER_THE_END);
                long now = time.nanos();
                queue.restUntil(now + Math.min(rest, wait.end - now));
            }
        } finally {
            question.end();
        }
    }

    /** Lets other nodes have the lock for a while; returns how often to take it for asked already, so that none who waits is outrun. */
    private int letOthers(LockQueue queue, Wait wait) {
        long now = time.nanos();
        long pause = wait.waits() ? engine.turns().pause(name, now) : 0;
        if (pause <= 0) {
            return 0;
        }
        long rest = pause + RESTS.after(MANY).toNanos();
        queue.restUntil(now + Math.min(rest, wait.end - now));
        return MANY;
    }

    private HeldLock held(LockQueue queue, KeptLease lease, Hold hold) {
        LockHandle.Possession possession =
                new LockHandle.Possession(lease, hold, queue, time.nanos(), options.atLeast());
        hold.possess(possession);
        queue.held(hold);
        LockHandle handle = new LockHandle(this, possession);
        if (engine.keeper().isClosed()) {
            handle.close();
            throw InvalidCoordinationRequestException.closed(name);
        }
        return handle;
    }

    /** The questions of one thread, of which the backend knows by the owner that they are one. */
    private final class Question {

        private final String owner;
        private final KeptLease.Terms terms;
        private boolean uncertain;
        private @Nullable RuntimeException failure;

        Question(String owner, Hold hold) {
            this.owner = owner;
            this.terms = new KeptLease.Terms(options.lease(), options.renew(), Duration.ZERO, hold);
        }

        @Nullable KeptLease ask(Wait wait) {
            try {
                LeaseKeeper.Answer answer = engine.keeper().ask(name, leaseName, owner, terms);
                uncertain = false;
                failure = null;
                wait.remaining = answer.remaining().toNanos();
                return answer.lease();
            } catch (StateUnavailableException unavailable) {
                uncertain = uncertain || unavailable.mayHaveHappened();
                failure = unavailable;
            } catch (StateContentionException lost) {
                failure = lost;
            }
            wait.remaining = Long.MAX_VALUE / 2;
            return null;
        }

        void fail() {
            if (failure != null) {
                throw failure;
            }
        }

        void end() {
            if (uncertain) {
                engine.keeper().abandon(leaseName, owner, options.lease());
            }
        }
    }

    /** The time that a caller has. */
    private final class Wait {

        private final long end;
        private boolean local;
        private long remaining;

        Wait(Duration timeout) {
            Duration wait = timeout.compareTo(LONGEST_WAIT) < 0 ? timeout : LONGEST_WAIT;
            this.end = time.nanos() + (wait.isNegative() ? 0 : wait.toNanos());
        }

        boolean waits() {
            return end - time.nanos() > 0;
        }

        String holder() {
            if (local) {
                LockQueue queue = engine.queues().find(name);
                return queue != null && queue.isHeldByThisThread()
                        ? "this very thread has it, and it is not reentrant"
                        : "another thread of this node has it, or waits in front";
            }
            return "another node has it, for another %s unless it is renewed"
                    .formatted(Duration.ofNanos(remaining).truncatedTo(ChronoUnit.MILLIS));
        }
    }
}
