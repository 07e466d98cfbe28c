// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LockNotAcquiredException;
import io.mecha.runtime.ElapsedTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The threads of this node that want one lock, in the order in which they came; only the first asks the backend. */
final class LockQueue {

    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(10);

    private final String name;
    private final ElapsedTime time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition pauses = lock.newCondition();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private @Nullable Hold hold;
    private boolean busy;
    private boolean closed;

    /** How many threads are here or hold the lock; touched by {@link LockQueues} only. */
    int users;

    LockQueue(String name, ElapsedTime time) {
        this.name = name;
        this.time = time;
    }

    private static final class Waiter {

        private final Condition condition;
        private boolean isFirst;

        Waiter(Condition condition) {
            this.condition = condition;
        }
    }

    String name() {
        return name;
    }

    /**
     * Wait until this thread is the first.
     *
     * @param end nanosecond at which to give up
     * @return whether it is; then {@link #pass} has to follow
     */
    boolean await(long end) {
        lock.lock();
        try {
            requireOpen();
            if (!busy) {
                busy = true;
                return true;
            }
            Waiter waiter = new Waiter(lock.newCondition());
            waiters.add(waiter);
            try {
                while (!waiter.isFirst && !closed && time.nanos() - end < 0) {
                    long unused = waiter.condition.awaitNanos(rest(end));
                }
            } catch (InterruptedException interrupted) {
                leave(waiter);
                throw interrupted();
            }
            if (!waiter.isFirst || closed) {
                leave(waiter);
                requireOpen();
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Waiter waiter) {
        if (waiter.isFirst) {
            passOn();
        } else {
            waiters.remove(waiter);
        }
    }

    private LockNotAcquiredException interrupted() {
        Thread.currentThread().interrupt();
        return LockNotAcquiredException.interrupted(name);
    }

    private void requireOpen() {
        if (closed) {
            throw InvalidCoordinationRequestException.closed(name);
        }
    }

    /** Return how long to wait before the time is looked at again; short where a test moves it. */
    private long rest(long end) {
        long left = end - time.nanos();
        return time.isVirtual() ? Math.min(LOOK, left) : left;
    }

    /** Rest as the first, until some nanosecond. */
    void restUntil(long end) {
        lock.lock();
        try {
            while (!closed && time.nanos() - end < 0) {
                long unused = pauses.awaitNanos(rest(end));
            }
            requireOpen();
        } catch (InterruptedException interrupted) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Remember who has the lock, for {@link #nested}; if it is over, the next one may have it already. */
    void held(Hold by) {
        lock.lock();
        try {
            if (!by.isOver()) {
                hold = by;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Enter the hold of this thread once more; {@code null} if it has none. */
    @Nullable Hold nested() {
        lock.lock();
        try {
            return hold != null && hold.enterAgain() ? hold : null;
        } finally {
            lock.unlock();
        }
    }

    /** Tell whether this thread has the lock. */
    boolean isHeldByThisThread() {
        lock.lock();
        try {
            return hold != null && hold.isOfThisThread();
        } finally {
            lock.unlock();
        }
    }

    /** Leave a hold; returns whether it was for the last time. */
    boolean leave(Hold left) {
        lock.lock();
        try {
            return left.leave();
        } finally {
            lock.unlock();
        }
    }

    /** Let the next one be the first. */
    void pass() {
        lock.lock();
        try {
            passOn();
        } finally {
            lock.unlock();
        }
    }

    private void passOn() {
        hold = null;
        Waiter next = waiters.poll();
        busy = next != null;
        if (next != null) {
            next.isFirst = true;
            next.condition.signal();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiters.size();
        } finally {
            lock.unlock();
        }
    }

    /** Send everybody away. */
    void close() {
        lock.lock();
        try {
            closed = true;
            pauses.signalAll();
            waiters.forEach(waiter -> waiter.condition.signal());
        } finally {
            lock.unlock();
        }
    }
}
