// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A timer of short tasks that goes by elapsed time: nothing is late or early because somebody sets the clock.
 *
 * <p>One thread, which is there while tasks wait. It looks every few milliseconds where a test moves time. Tasks must not block: what
 * takes time is handed to a pool. What they throw shows in {@link Troubles}. Thread-safe.
 */
public final class Timers implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(10);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final long LINGER_NANOS = Duration.ofSeconds(5).toNanos();

    private final ElapsedTime time;
    private final Duration look;
    private final String name;
    private final String work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private @Nullable SupervisedThread thread;
    private long sequence;
    private boolean closed;

    /**
     * Prepare a timer, which has no thread yet.
     *
     * @param name name of its thread
     * @param time what its tasks wait for
     */
    public Timers(String name, ElapsedTime time) {
        this.name = name;
        this.work = "A task of thread '" + name + "'";
        this.time = time;
        this.look = time.isVirtual() ? LOOK : LONGEST_WAIT;
    }

    /**
     * Return what time it is for the tasks.
     *
     * @return the source that was given
     */
    public ElapsedTime time() {
        return time;
    }

    /**
     * Run a task once a delay is over; never, if closed before.
     *
     * @param delay how long to wait
     * @param action the task; those that are due at one instant run in order
     */
    public void after(Duration delay, Runnable action) {
        at(time.now().plus(delay), action);
    }

    /**
     * Run a task at an instant, or at once if that is over; never, if closed before.
     *
     * @param due an instant of elapsed time
     * @param action the task; those that are due at one instant run in order
     */
    public void at(Instant due, Runnable action) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            Task first = tasks.peek();
            boolean sooner = first == null || due.isBefore(first.due());
            tasks.add(new Task(due, sequence++, action));
            if (thread == null) {
                thread = SupervisedThread.start(name, this::run);
            } else if (sooner) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Runnable next = next();
        while (next != null) {
            next.run();
            next = next();
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            long idle = LINGER_NANOS;
            while (!closed) {
                Task first = tasks.peek();
                if (first == null) {
                    if (idle <= 0) {
                        break;
                    }
                    idle = changed.awaitNanos(idle);
                } else {
                    Duration wait = Duration.between(time.now(), first.due());
                    if (wait.isNegative() || wait.isZero()) {
                        return new GuardedTask(work, tasks.poll().action());
                    }
                    changed.awaitNanos(wait.compareTo(look) > 0 ? look.toNanos() : wait.toNanos());
                    idle = LINGER_NANOS;
                }
            }
            thread = null;
            return null;
        } catch (InterruptedException nobodyMay) {
            throw new IllegalStateException("This thread must not be interrupted", nobodyMay); // begins again
        } finally {
            lock.unlock();
        }
    }

    /** Forget what waits. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (thread != null) {
                thread.stop();
            }
            tasks.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A task and when it is due. */
    private record Task(Instant due, long sequence, Runnable action) implements Comparable<Task> {

        @Override
        public int compareTo(Task other) {
            int order = due.compareTo(other.due);
            return order == 0 ? Long.compare(sequence, other.sequence) : order;
        }
    }
}
