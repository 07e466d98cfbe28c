// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.Leadership;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of all {@code @LeaderOnly} methods of one name, which the leader finishes before it hands over. */
final class LeaderCalls {

    private final Map<Thread, Running> running = new HashMap<>();
    private int asynchronous;
    private @Nullable Leadership leadership;
    private @Nullable Leadership over;

    /**
     * Lets calls begin.
     *
     * @return {@code false} if the leadership is over already, since its end may be told before its beginning
     */
    synchronized boolean begin(Leadership elected) {
        if (elected.equals(over)) {
            return false;
        }
        leadership = elected;
        return true;
    }

    /** Lets no call begin any more, but for those that a running one makes; interrupts what runs as soon as the lease is lost. */
    void end(Leadership ended) {
        synchronized (this) {
            over = ended;
            leadership = null;
        }
        ended.onLost(this::interrupt);
    }

    /** Waits for the calls that run; interrupts them if this thread is. */
    void await() {
        boolean interrupted = false;
        while (!awaited()) {
            // The lease ends: what still runs is told, and awaited, for it is reported until it has ended.
            interrupted = true;
            interrupt();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean awaited() {
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
     * Begins a call of this thread, under the leadership of the call that it is made by, if there is one.
     *
     * @return the leadership; {@code null} if this node does not lead
     */
    synchronized @Nullable Leadership beginCall() {
        Running own = running.get(Thread.currentThread());
        Leadership held = own == null ? leadership : own.leadership();
        if (held == null || !held.isValid()) {
            return null;
        }
        running.put(Thread.currentThread(), new Running(held, own == null ? 1 : own.calls() + 1));
        return held;
    }

    /** Ends a call that this thread began. */
    synchronized void endCall() {
        running.computeIfPresent(
                Thread.currentThread(),
                (thread, own) -> own.calls() == 1 ? null : new Running(own.leadership(), own.calls() - 1));
        notifyAll();
    }

    /** Begins the wait for a result that comes later; the thread of the call goes on. */
    synchronized void beginLater() {
        asynchronous++;
    }

    /** Tells whether a result is awaited. */
    synchronized boolean isLater() {
        return asynchronous > 0;
    }

    /** Ends the wait for a result. */
    synchronized void endLater() {
        asynchronous--;
        notifyAll();
    }

    /** The calls of one thread, each made by the one before. */
    private record Running(Leadership leadership, int calls) {}
}
