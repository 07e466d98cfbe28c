// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.ElapsedTime;
import io.mecha.runtime.GuardedTask;
import io.mecha.runtime.SupervisedThread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs work when it is due, by elapsed time; has a thread only once there is some. */
final class DueMessages implements AutoCloseable {

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** How soon a move of virtual time is noticed, which a thread cannot wait for. */
    private static final Duration POLL = Duration.ofMillis(5);

    private final ElapsedTime time;
    private final Duration longestWait;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Work> queue =
            new PriorityQueue<>(Comparator.comparing(Work::due).thenComparingLong(Work::number));
    private long number;
    private boolean closed;
    private @Nullable SupervisedThread thread;

    DueMessages(ElapsedTime time) {
        this.time = time;
        this.longestWait = time.isVirtual() ? POLL : LONGEST_WAIT;
    }

    private record Work(Instant due, long number, Runnable task) {}

    void at(Instant due, Runnable task) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            queue.add(new Work(due, number++, task));
            if (thread == null) {
                thread = SupervisedThread.start("mecha-memory-delay", this::run);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (thread != null) {
                thread.stop();
            }
            queue.clear();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<Work> due = new ArrayList<>();
        while (awaitDue(due)) {
            due.forEach((work) -> new GuardedTask("A delayed message of type memory", work.task()).run());
            due.clear();
        }
    }

    private boolean awaitDue(List<Work> due) {
        lock.lock();
        try {
            while (!closed) {
                Instant now = time.now();
                Work first = queue.peek();
                while (first != null && !first.due().isAfter(now)) {
                    due.add(queue.remove());
                    first = queue.peek();
                }
                if (!due.isEmpty()) {
                    return true;
                }
                await(first == null ? null : Duration.between(now, first.due()));
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // its caller loops
    private void await(@Nullable Duration left) {
        try {
            if (left == null) {
                changed.await();
            } else {
                Duration wait = left.compareTo(longestWait) < 0 ? left : longestWait;
                changed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException nobodyMay) {
            throw new IllegalStateException("Nobody may interrupt this thread", nobodyMay); // begins again
        }
    }
}
