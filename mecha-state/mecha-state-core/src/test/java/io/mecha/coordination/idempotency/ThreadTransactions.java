// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import io.mecha.state.memory.TransactionScope;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Supplier;

/** Transactions of the application, one for each thread at a time. */
final class ThreadTransactions implements TransactionScope {

    @SuppressWarnings("ThreadLocalUsage") // each engine of a test has transactions of its own
    private final ThreadLocal<Current> current = new ThreadLocal<>();

    /** What belongs to one transaction. */
    private static final class Current {

        private final IdentityHashMap<Object, Participant> participants = new IdentityHashMap<>();
        private final List<Runnable> afterCommit = new ArrayList<>();
        private final List<Runnable> afterCompletion = new ArrayList<>();
    }

    void run(Runnable work) {
        end(work, true, true);
    }

    /** Commits, and the answer of the commit is lost. */
    void runUnheard(Runnable work) {
        end(work, true, false);
    }

    void rollBack(Runnable work) {
        end(work, false, true);
    }

    private void end(Runnable work, boolean commit, boolean heard) {
        Current mine = new Current();
        current.set(mine);
        boolean committed = false;
        try {
            work.run();
            committed = commit;
        } finally {
            current.remove();
            for (Participant participant : mine.participants.values()) {
                if (committed) {
                    participant.commit();
                } else {
                    participant.rollback();
                }
            }
            if (committed && heard) {
                mine.afterCommit.forEach(Runnable::run);
            }
            mine.afterCompletion.forEach(Runnable::run);
        }
    }

    /** Runs something as if on another thread. */
    void outside(Runnable work) {
        Current mine = current.get();
        current.remove();
        work.run();
        current.set(mine);
    }

    @Override
    public boolean active() {
        return current.get() != null;
    }

    @Override
    @SuppressWarnings("unchecked") // each owner asks for its own
    public <P extends Participant> P participant(Object owner, Supplier<P> participant) {
        return (P) current.get().participants.computeIfAbsent(owner, (unknown) -> participant.get());
    }

    @Override
    public void afterCompletion(Runnable action) {
        current.get().afterCompletion.add(action);
    }

    @Override
    public void afterCommit(Runnable action) {
        current.get().afterCommit.add(action);
    }
}
