// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.runtime.Timers;
import java.util.AbstractQueue;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A job that begins events no faster than a rate allows, however many have gathered while it was paused or busy.
 *
 * <p>The time of an event is reserved when a worker takes it. A batch begins as soon as its first event may, and the next one only
 * when all of its events would have had their turn.
 */
final class PacedJob implements WorkerPool.Job {

    private final WorkerPool.Job job;
    private final RateLimit rate;
    private final Timers timers;
    private final Runnable hire;
    private final AtomicBoolean armed = new AtomicBoolean();

    /**
     * @param hire looks for work again
     */
    PacedJob(WorkerPool.Job job, RateLimit rate, Timers timers, Runnable hire) {
        this.job = job;
        this.rate = rate;
        this.timers = timers;
        this.hire = hire;
    }

    @Override
    public boolean due(Queue<Work> ready) {
        return job.due(ready) && (rate.free() || later());
    }

    @Override
    public WorkerPool.Step step(Queue<Work> ready) {
        if (!job.due(ready)) {
            return WorkerPool.Step.NOTHING;
        }
        if (!rate.take()) {
            later();
            return WorkerPool.Step.NOTHING;
        }
        Paced paced = new Paced(ready);
        WorkerPool.Step step = job.step(paced);
        if (paced.polled == 0) {
            rate.giveBack();
        }
        return step;
    }

    /** Looks again when it is time; always {@code false}. */
    private boolean later() {
        if (armed.compareAndSet(false, true)) {
            timers.at(rate.next(), () -> {
                armed.set(false);
                hire.run();
            });
        }
        return false;
    }

    /** The events that are ready, each of which takes its place in time when it is polled; the first one has it already. */
    private final class Paced extends AbstractQueue<Work> {

        private final Queue<Work> ready;
        private int polled;

        Paced(Queue<Work> ready) {
            this.ready = ready;
        }

        @Override
        public @Nullable Work poll() {
            Work work = ready.poll();
            if (work != null && polled++ > 0) {
                rate.charge();
            }
            return work;
        }

        @Override
        public @Nullable Work peek() {
            return ready.peek();
        }

        @Override
        public boolean offer(Work work) {
            return ready.offer(work);
        }

        @Override
        public Iterator<Work> iterator() {
            return ready.iterator();
        }

        @Override
        public int size() {
            return ready.size();
        }

        @Override
        public boolean isEmpty() {
            return ready.isEmpty();
        }
    }
}
