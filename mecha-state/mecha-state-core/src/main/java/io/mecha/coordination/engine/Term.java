// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.CurrentLease;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.StepDownReason;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A leadership from the election until its work has ended. Fields that change are guarded by the candidate. */
final class Term implements Leadership {

    private final String name;
    private final KeptLease lease;
    private final Guard guard;

    /** Done when the work has ended and the lease is given back. */
    final CompletableFuture<Void> over = new CompletableFuture<>();

    @Nullable StepDownReason reason;

    @Nullable Thread elected;

    @Nullable Thread steppingDown;

    /** The threads on which an observer is told of this, which are never interrupted. */
    final Set<Thread> observed = new HashSet<>(2);

    boolean begun;
    boolean workEnded;
    boolean stepEnded;
    boolean enforced;
    boolean overrun;
    boolean ended;

    Term(String name, KeptLease lease, Guard guard) {
        this.name = name;
        this.lease = lease;
        this.guard = guard;
    }

    KeptLease lease() {
        return lease;
    }

    /** Tell whether this thread does the work of the leader, or what the work waits for, so that it cannot wait for its own end. */
    boolean isOfThisThread() {
        Thread current = Thread.currentThread();
        return current == elected
                || current == steppingDown
                || observed.contains(current)
                || CurrentLease.isUnder(this);
    }

    void interrupt() {
        if (elected != null) {
            elected.interrupt();
        }
        if (steppingDown != null) {
            steppingDown.interrupt();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FencingToken token() {
        return lease.token();
    }

    @Override
    public boolean isValid() {
        return lease.isValid();
    }

    @Override
    public boolean isLost() {
        return lease.isLost();
    }

    @Override
    public void assertValid() {
        lease.assertValid();
    }

    @Override
    public Duration remaining() {
        return lease.remaining();
    }

    @Override
    public void guard() {
        guard.check(name, token());
    }

    @Override
    public void onLost(Runnable action) {
        lease.onLost(action);
    }

    @Override
    public String toString() {
        return "Leadership[name=%s, token=%d, valid=%s]".formatted(name, token().value(), isValid());
    }
}
