// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The possession of a lock by a thread, from the grant until it is given back or lost. */
final class Hold implements KeptLease.Watcher {

    private final Thread thread = Thread.currentThread();
    private final boolean interrupt;
    private final Runnable whenOver;
    private final AtomicBoolean over = new AtomicBoolean();

    /** Guarded by the queue. */
    private int count = 1;

    /** What the thread has; {@code null} before the grant. */
    private volatile LockHandle.@Nullable Possession possession;

    /**
     * Make a hold of this thread.
     *
     * @param interrupt whether to interrupt the thread if the lock is lost
     * @param whenOver lets the next thread ask, run once
     */
    Hold(boolean interrupt, Runnable whenOver) {
        this.interrupt = interrupt;
        this.whenOver = whenOver;
    }

    LockHandle.@Nullable Possession possession() {
        return possession;
    }

    void possess(LockHandle.Possession granted) {
        possession = granted;
    }

    boolean isOfThisThread() {
        return thread == Thread.currentThread() && count > 0;
    }

    boolean enterAgain() {
        if (isOfThisThread()) {
            count++;
            return true;
        }
        return false;
    }

    boolean leave() {
        return --count == 0;
    }

    boolean isOver() {
        return over.get();
    }

    /** Let the next thread ask, unless that was done. */
    void over() {
        if (over.compareAndSet(false, true)) {
            whenOver.run();
        }
    }

    @Override
    public void endangered() {
        // a lock has no time to step down in: it is renewed until its deadline
    }

    @Override
    public void losing() {
        if (interrupt) {
            thread.interrupt();
        }
    }

    @Override
    public void lost() {
        over();
    }
}
