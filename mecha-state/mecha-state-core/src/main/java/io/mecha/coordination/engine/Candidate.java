// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.Thrown;
import io.mecha.coordination.Candidacy;
import io.mecha.coordination.ElectionOptions;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.StepDownReason;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.Troubles;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A candidate, which asks for the leadership every now and then, without a thread of its own, until it gets it.
 *
 * <p>The work of a leader is one or two calls of the listener, each on a thread: it was elected, it is to step down. The lease is given
 * back when both have returned. While they have not, it is renewed; if it cannot be, they are interrupted when it ends.
 */
final class Candidate implements Candidacy, KeptLease.Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(Candidate.class);
    private static final String WORK = "The election of leaders";
    private static final int QUESTIONS = 5;
    private static final Duration LONGEST_JITTER = Duration.ofMillis(250);
    private static final double JITTER = 0.3;
    private static final Backoff FAILURES =
            Backoff.doubling(Duration.ofMillis(100), Duration.ofSeconds(5)).shortened(0.5);

    private final Elections elections;
    private final LeaseKeeper keeper;
    private final String name;
    private final String leaseName;
    private final LeaderListener listener;
    private final ElectionOptions options;
    private final Duration rest;
    private final ReentrantLock lock = new ReentrantLock();
    private String owner;
    private int failures;
    private @Nullable Term term;
    private boolean left;

    /** Whether the owner may have been granted the lease, though no answer came. */
    private boolean uncertain;

    Candidate(Elections elections, String name, String leaseName, LeaderListener listener, ElectionOptions options) {
        this.elections = elections;
        this.keeper = elections.keeper();
        this.name = name;
        this.leaseName = leaseName;
        this.listener = listener;
        this.options = options;
        this.rest = options.lease().dividedBy(QUESTIONS);
        this.owner = keeper.newOwner();
    }

    void begin() {
        keeper.callbacks().execute(this::stand);
    }

    private void standAfter(Duration pause) {
        keeper.timers().after(pause, () -> {
            if (!keeper.isClosed()) {
                keeper.callbacks().execute(this::stand);
            }
        });
    }

    /** Ask once, and again later unless it was granted. */
    private void stand() {
        String asking;
        lock.lock();
        try {
            if (left || term != null) {
                return;
            }
            asking = owner;
        } finally {
            lock.unlock();
        }
        Duration pause;
        try {
            LeaseKeeper.Answer answer = keeper.ask(
                    name, leaseName, asking, new KeptLease.Terms(options.lease(), true, options.margin(), this));
            Troubles.over(WORK);
            failures = 0;
            answered();
            if (answer.lease() != null) {
                lead(answer.lease());
                return;
            }
            pause = pause(answer.remaining());
        } catch (Throwable failure) { // allow CatchException: the candidate goes on, with the same owner
            Troubles.failed(WORK, failure);
            failures++;
            pause = FAILURES.after(failures);
            giveUp(asking);
        }
        standAfter(pause);
    }

    /** Rest for a while, or until the leader's lease ends; a little longer by chance, so that not all ask at once. */
    private Duration pause(Duration remaining) {
        if (remaining.compareTo(rest) >= 0) {
            return Backoff.shortened(rest, JITTER);
        }
        Duration most = rest.compareTo(LONGEST_JITTER) < 0 ? rest : LONGEST_JITTER;
        return remaining.plus(Backoff.shortened(most, 1));
    }

    private void answered() {
        lock.lock();
        try {
            uncertain = false;
        } finally {
            lock.unlock();
        }
    }

    /** Give back what may have been granted to a candidate that does not stand any more, or remember to when it leaves. */
    private void giveUp(String asking) {
        boolean gone;
        lock.lock();
        try {
            gone = left;
            uncertain = !gone;
        } finally {
            lock.unlock();
        }
        if (gone) {
            keeper.abandon(leaseName, asking, options.lease());
        }
    }

    private void lead(KeptLease lease) {
        Term begun = new Term(name, lease, elections.guard());
        boolean elected;
        lock.lock();
        try {
            owner = keeper.newOwner();
            elected = !left && !keeper.isClosed() && lease.remaining().compareTo(options.margin()) > 0;
            if (elected) {
                term = begun;
            }
        } finally {
            lock.unlock();
        }
        if (elected) {
            work(begun);
        } else {
            keeper.end(lease, Duration.ZERO);
            standAfter(Backoff.shortened(rest, 1));
        }
    }

    private void work(Term own) {
        observe(own, () -> elections.observer().elected(this, own.token()));
        lock.lock();
        try {
            if (own.reason == null) {
                own.begun = true;
                own.elected = Thread.currentThread();
            }
        } finally {
            lock.unlock();
        }
        if (own.begun) {
            call("onElected", () -> listener.onElected(own));
        }
        lock.lock();
        try {
            own.elected = null;
            own.workEnded = true;
            boolean unused = Thread.interrupted(); // it was meant for the work
        } finally {
            lock.unlock();
        }
        endIfOver(own);
    }

    /** Tell the observer, who must not wait for the end of the term on this thread. */
    private void observe(Term own, Runnable callback) {
        Thread current = Thread.currentThread();
        boolean outermost;
        lock.lock();
        try {
            outermost = own.observed.add(current);
        } finally {
            lock.unlock();
        }
        call("An observer", callback);
        if (outermost) {
            lock.lock();
            try {
                own.observed.remove(current);
            } finally {
                lock.unlock();
            }
        }
    }

    private void call(String what, Runnable callback) {
        try {
            callback.run();
        } catch (Throwable failure) { // allow CatchException: a leader goes on, or has ended
            LOG.warn("{} of leader '{}' threw {}", what, name, Thrown.describe(failure));
            if (LOG.isDebugEnabled()) {
                LOG.debug("{} of leader '{}' threw", what, name, Thrown.loggable(failure));
            }
        }
    }

    @Override
    public void endangered() {
        stepDown(StepDownReason.UNREACHABLE);
    }

    @Override
    public void losing() {
        // what there is to do takes locks
    }

    @Override
    public void lost() {
        stepDown(StepDownReason.LOST);
    }

    /** Begin to step down, unless that was done; does not wait. */
    private void stepDown(StepDownReason reason) {
        Term own;
        lock.lock();
        try {
            own = term;
            if (own == null) {
                return;
            }
            boolean first = own.reason == null;
            if (first) {
                own.reason = reason;
                if (own.elected != null) {
                    own.elected.interrupt();
                }
            }
            if (!own.enforced && (reason == StepDownReason.UNREACHABLE || reason == StepDownReason.LOST)) {
                own.enforced = true;
                keeper.timers().after(options.margin(), () -> enforce(own));
            }
            if (!first) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            keeper.callbacks().execute(() -> stepDown(own, reason));
        } catch (RejectedExecutionException closed) {
            LOG.debug("Leader '{}' is not told to step down, because its engine is closed", name);
        }
    }

    private void stepDown(Term own, StepDownReason reason) {
        observe(own, () -> elections.observer().steppingDown(this, own.token(), reason));
        boolean told;
        lock.lock();
        try {
            told = own.begun;
            own.steppingDown = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        if (told) {
            call("onStepDown", () -> listener.onStepDown(own, reason));
        }
        lock.lock();
        try {
            own.steppingDown = null;
            own.stepEnded = true;
            boolean unused = Thread.interrupted(); // it was meant for the work
        } finally {
            lock.unlock();
        }
        endIfOver(own);
    }

    /** Interrupt what has not ended when the lease has. */
    private void enforce(Term own) {
        lock.lock();
        try {
            if (own.workEnded && own.stepEnded) {
                return;
            }
            Duration remaining = own.lease().remaining();
            if (!remaining.isZero()) {
                keeper.timers().after(remaining, () -> enforce(own)); // it was renewed after all
                return;
            }
            own.overrun = true;
            own.interrupt();
        } finally {
            lock.unlock();
        }
        LOG.warn(
                "The work of leader '{}' has not ended with its lease under token {}, and is interrupted;"
                        + " another node may lead already, and only the token keeps what is written out",
                name,
                own.token().value());
    }

    /** End the term when both calls have returned. */
    private void endIfOver(Term own) {
        lock.lock();
        try {
            if (own.reason == null || !own.workEnded || !own.stepEnded || own.ended) {
                return;
            }
            own.ended = true;
        } finally {
            lock.unlock();
        }
        keeper.end(own.lease(), Duration.ZERO);
        if (own.overrun) {
            LOG.warn(
                    "The work of leader '{}' under token {} has ended now",
                    name,
                    own.token().value());
        }
        observe(own, () -> elections.observer().steppedDown(this, own.token(), !own.overrun));
        boolean gone;
        lock.lock();
        try {
            term = null;
            gone = left;
        } finally {
            lock.unlock();
        }
        if (gone) {
            elections.forget(this);
        } else {
            standAfter(
                    own.reason == StepDownReason.YIELDED
                            ? rest.multipliedBy(2).plus(Backoff.shortened(rest, 1))
                            : Backoff.shortened(rest, 1));
        }
        own.over.complete(null);
    }

    private @Nullable Term term() {
        lock.lock();
        try {
            return term;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public State state() {
        lock.lock();
        try {
            if (term != null) {
                return term.reason == null && term.isValid() ? State.LEADING : State.STEPPING_DOWN;
            }
            return left ? State.CLOSED : State.STANDING;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Leadership> leadership() {
        lock.lock();
        try {
            return term != null && term.reason == null && term.isValid() ? Optional.of(term) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void yieldLeadership() {
        Term own = term();
        stepDown(StepDownReason.YIELDED);
        boolean unused = await(own, null);
    }

    @Override
    public void close() {
        boolean unused = await(leave(), null);
    }

    @Override
    public boolean close(Duration budget) {
        return await(leave(), budget);
    }

    /** Stand no more, and begin to step down; returns the term whose work has to end, {@code null} if there is none. */
    @Nullable Term leave() {
        Term own;
        String asking;
        boolean maybe;
        lock.lock();
        try {
            left = true;
            own = term;
            asking = owner;
            maybe = uncertain;
            uncertain = false;
        } finally {
            lock.unlock();
        }
        if (own == null) {
            elections.forget(this);
            if (maybe) {
                keeper.abandon(leaseName, asking, options.lease());
            }
        } else {
            stepDown(StepDownReason.WITHDRAWN);
        }
        return own;
    }

    /** Wait for the end of the work; without a bound if there is no budget. */
    boolean await(@Nullable Term own, @Nullable Duration budget) {
        if (own == null) {
            return true;
        }
        if (budget == null && listener instanceof AsynchronousListener later && later.isAtWorkElsewhere()) {
            return false; // this may be that work
        }
        lock.lock();
        try {
            if (own.isOfThisThread()) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        try {
            if (budget == null) {
                own.over.get();
            } else {
                own.over.get(budget.toNanos(), TimeUnit.NANOSECONDS);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException late) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Interrupt what has not ended at the end of the application; its lease ends by itself. */
    void cutOff() {
        Term own;
        lock.lock();
        try {
            own = term;
            if (own == null || own.ended) {
                return;
            }
            own.overrun = true;
            own.interrupt();
        } finally {
            lock.unlock();
        }
        LOG.warn(
                "The work of leader '{}' under token {} has not ended with the application; its lease ends by itself",
                name,
                own.token().value());
    }

    @Override
    public String toString() {
        return "Candidacy[name=%s, state=%s]".formatted(name, state());
    }
}
