// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.Thrown;
import io.mecha.runtime.LentThread;
import io.mecha.runtime.Troubles;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of a subscription, as many at once as the concurrency allows.
 *
 * <p>A worker is a loop that goes on while there is something to do, so that a busy subscription starts no thread for each message.
 * The thread that adds work hires a worker if a place is free; a worker gives its place back before it looks a last time, so that
 * nothing is overlooked between the two. A handler that finishes later keeps the place until then.
 *
 * <p>On a {@link LentThread}, work that nothing is before is done at once, if there is a place.
 */
final class WorkerPool implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final String WORKER = "A worker of a subscription";
    private static final int LENT = 16; // bounds how deep handlers that send to each other call each other
    private static final int SPINS = 64;
    private static final int STREAK = 256;

    private final Queue<Work> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger busy = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Job job;
    private final @Nullable SingleJob lendable;
    private final int concurrency;
    private final Executor workers;
    private volatile boolean held;
    private volatile boolean failing;

    /**
     * @param lent whether the job may be done on lent threads: it neither interrupts its thread nor takes part in its transaction
     */
    WorkerPool(Job job, int concurrency, boolean held, boolean lent, Executor workers) {
        this.job = job;
        this.lendable = lent && job instanceof SingleJob single ? single : null;
        this.concurrency = concurrency;
        this.held = held;
        this.workers = workers;
    }

    /** A job of the workers. */
    interface Job {

        /** Tells whether there is enough to begin. */
        boolean due(Queue<Work> ready);

        /** Takes work and does it; does not throw. */
        Step step(Queue<Work> ready);
    }

    /** A job that takes one work at a time, whenever there is one. */
    interface SingleJob extends Job {

        /** Does one work; does not throw. */
        Step execute(Work work);
    }

    /** The result of a step. */
    enum Step {
        /** There was nothing to do. */
        NOTHING,
        /** Something was done. */
        DONE,
        /** Something was begun, which gives the place back when it ends: {@link #release}. */
        KEPT
    }

    void add(Work work) {
        SingleJob single = lendable;
        if (single != null && LentThread.take()) {
            if (doHere(single, work)) {
                return;
            }
            LentThread.lend();
        }
        ready.add(work);
        hire();
    }

    private boolean doHere(SingleJob single, Work work) {
        if (held || !ready.isEmpty() || !enter(Math.min(concurrency, LENT))) {
            return false;
        }
        if (held) { // since it was asked: a thread that waits for the end of all workers has not seen this one
            release();
            return false;
        }
        Step step = Step.NOTHING;
        try {
            step = single.execute(work);
        } finally {
            if (step != Step.KEPT) {
                release();
            }
        }
        return true;
    }

    /** Starts a worker if there is something to do and a place; does not throw. */
    void hire() {
        boolean entered = false;
        try {
            entered = !held && job.due(ready) && enter(concurrency);
            if (entered) {
                workers.execute(this);
            }
        } catch (RejectedExecutionException closing) {
            LOG.debug("A worker was not started, the engine is closed", closing);
            if (entered) {
                leave();
            }
        } catch (Throwable failure) { // allow CatchException: the next one finds the place free
            LOG.warn("A worker was not started: {}", Thrown.describe(failure));
            if (entered) {
                leave();
            }
        }
    }

    /** Runs a task on a worker beyond the concurrency, or here where there is none to be had. */
    void runExtra(Runnable task) {
        try {
            workers.execute(task);
        } catch (Throwable failure) { // allow CatchException: it must not stay undone
            if (LOG.isDebugEnabled()) {
                LOG.debug("A task runs on the thread that led to it", Thrown.loggable(failure));
            }
            task.run();
        }
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // virtual threads share carriers only if a busy one yields
    public void run() {
        int streak = 0;
        Step step = next();
        while (step != Step.NOTHING) {
            if (Thread.interrupted()) {
                LOG.trace("A handler left its thread interrupted");
            }
            if (step == Step.KEPT && !enter(concurrency)) {
                return;
            }
            if (++streak % STREAK == 0) {
                Thread.yield();
            }
            step = next();
        }
        release();
    }

    private Step next() {
        try {
            Step step = held ? Step.NOTHING : job.step(ready);
            for (int spin = 0; step == Step.NOTHING && spin < SPINS && !held; spin++) {
                Thread.onSpinWait();
                step = job.step(ready);
            }
            if (failing && step != Step.NOTHING) {
                failing = false;
                Troubles.over(WORKER);
            }
            return step;
        } catch (Throwable failure) { // allow CatchException: the place must not be lost with the worker
            failing = true;
            Troubles.failed(WORKER, failure);
            return Step.NOTHING;
        }
    }

    private boolean enter(int limit) {
        int now = busy.get();
        while (now < limit) {
            if (busy.compareAndSet(now, now + 1)) {
                return true;
            }
            now = busy.get();
        }
        return false;
    }

    /** Takes a place beyond the concurrency, for work that must be waited for when draining. */
    void enterExtra() {
        busy.incrementAndGet();
    }

    /** Gives a place back, and looks whether there is something to do. */
    void release() {
        leave();
        hire();
    }

    private void leave() {
        if (busy.decrementAndGet() == 0 && held) {
            lock.lock();
            try {
                idle.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    boolean held() {
        return held;
    }

    /** Begins nothing any more. */
    void hold() {
        held = true;
    }

    /** Goes on. */
    void proceed() {
        held = false;
        for (int place = 0; place < concurrency && job.due(ready); place++) {
            hire();
        }
    }

    /** Waits until nothing runs; only while held. */
    boolean awaitIdle(Duration timeout) {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (busy.get() > 0) {
                if (left <= 0) {
                    return false;
                }
                left = idle.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return busy.get() == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many handlers run, those that finish later included. */
    int busy() {
        return busy.get();
    }

    /** Returns what is ready and not begun. */
    Queue<Work> ready() {
        return ready;
    }
}
