// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.Leadership;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of all {@code @LeaderOnly} methods of one name, which the leader finishes before it hands over. */
final class LeaderCalls {

    private final Map<Thread, Integer> running = new HashMap<>();
    private int asynchronous;
    private @Nullable Leadership leadership;

    /** Lets calls begin. */
    synchronized void onElected(Leadership elected) {
        leadership = elected;
    }

    /** Lets no call begin, and waits for those that run; interrupts them if this thread is. */
    void onStepDown() {
        if (!stopped()) {
            // The lease ends: what still runs is told, and awaited, for it is reported until it has ended.
            interrupt();
            while (!stopped()) {
                interrupt();
            }
            Thread.currentThread().interrupt();
        }
    }

    /** Lets no call begin any more, and waits for those that run; {@code false} if this thread was interrupted. */
    private synchronized boolean stopped() {
        leadership = null;
        try {
            while (!running.isEmpty() || asynchronous > 0) {
                wait();
            }
            return true;
        } catch (InterruptedException lost) {
            return false;
        }
    }

    private synchronized void interrupt() {
        running.keySet().forEach(Thread::interrupt);
    }

    /**
     * Begins a call of this thread.
     *
     * @param before the leadership under which this thread runs already, if it does
     * @return the leadership; {@code null} if this node does not lead
     */
    synchronized @Nullable Leadership begin(@Nullable Leadership before) {
        Thread current = Thread.currentThread();
        Leadership held = running.containsKey(current) && before != null ? before : leadership;
        if (held == null || !held.isValid()) {
            return null;
        }
        running.merge(current, 1, Integer::sum);
        return held;
    }

    /** Ends a call that this thread began. */
    synchronized void end() {
        running.computeIfPresent(Thread.currentThread(), (thread, calls) -> calls == 1 ? null : calls - 1);
        notifyAll();
    }

    /** Begins the wait for a result that comes later; the thread of the call goes on. */
    synchronized void beginLater() {
        asynchronous++;
    }

    /** Ends the wait for a result. */
    synchronized void endLater() {
        asynchronous--;
        notifyAll();
    }
}
