// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.BatchHandler;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.receive.CollectedBatch.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A job that calls a handler for several events at once.
 *
 * <p>A batch begins when it is full or the first event has waited long enough. Events that wait behind one of the batch, because they
 * have its key, are taken along. If one is not finished by the batch, those behind it are not either: they follow it later, as if they
 * had never been part of the batch.
 *
 * @param <T> type of the payload
 */
final class BatchJob<T> implements WorkerPool.Job {

    private final HandlerSubscription<T> subscription;
    private final Settlement<T> settlement;
    private final Admission admission;
    private final @Nullable Inbox inbox;
    private final ReceiveObservation observation;
    private final BatchHandler<T> handler;
    private final int size;
    private final Duration linger;
    private final boolean follow;
    private final AtomicBoolean armed = new AtomicBoolean();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean lingered;

    BatchJob(HandlerSubscription<T> subscription, HandlerKind.Parts<T> parts, BatchHandler<T> handler) {
        this.subscription = subscription;
        this.settlement = parts.settlement();
        this.admission = new Admission(subscription, settlement);
        this.inbox = parts.inbox();
        this.observation = parts.observation();
        this.handler = handler;
        SubscriptionSettings settings = subscription.settings();
        this.size = settings.batchSize();
        this.linger = settings.batchLinger();
        this.follow = settings.rate() == 0;
    }

    @Override
    public boolean due(Queue<Work> ready) {
        if (ready.isEmpty()) {
            return false;
        }
        if (lingered || linger.isZero() || subscription.inFlight() - running.get() >= size) {
            return true;
        }
        if (armed.compareAndSet(false, true)) {
            subscription.engine().timers().after(linger, () -> {
                lingered = true;
                armed.set(false);
                subscription.workers().hire();
            });
        }
        return false;
    }

    @Override
    public WorkerPool.Step step(Queue<Work> ready) {
        if (!due(ready)) {
            return WorkerPool.Step.NOTHING;
        }
        lingered = false;
        List<Work> works = new ArrayList<>();
        List<Event<T>> events = new ArrayList<>();
        Work work = ready.poll();
        while (work != null) {
            take(work, works, events);
            work = works.size() < size ? ready.poll() : null;
        }
        handle(works, events);
        return WorkerPool.Step.DONE;
    }

    /** Takes an event that nothing of its key is before, and those that wait behind it. */
    private void take(Work first, List<Work> works, List<Event<T>> events) {
        try {
            if (!admission.admit(first)) {
                return;
            }
            Event<T> event = read(first);
            if (event == null) {
                settlement.unreadable(first, Objects.requireNonNull(first.unreadable()));
                return;
            }
            works.add(first);
            events.add(event);
        } catch (Throwable failure) { // allow CatchException: an event that cannot be read is a failed attempt
            settlement.failed(first, failure);
            return;
        }
        Work next = follow ? first.follower() : null;
        while (next != null && works.size() < size && join(next, works, events)) {
            next = next.follower();
        }
    }

    private boolean join(Work work, List<Work> works, List<Event<T>> events) {
        try {
            if (work.target() != subscription || admission.check(work) != Admission.Verdict.HANDLE) {
                return false;
            }
            Event<T> event = read(work);
            if (event == null) {
                return false;
            }
            work.joined(true);
            works.add(work);
            events.add(event);
            return true;
        } catch (Throwable unreadable) { // allow CatchException: found again when it is its turn
            return false;
        }
    }

    private @Nullable Event<T> read(Work work) {
        IncomingEvent incoming = work.event();
        try {
            return incoming == null ? null : incoming.read(subscription.payload(), work.attempt());
        } catch (InvalidEventException unreadable) {
            work.unreadable(unreadable);
            return null;
        }
    }

    private void handle(List<Work> works, List<Event<T>> events) {
        if (works.isEmpty()) {
            return;
        }
        running.addAndGet(works.size());
        try {
            settle(works, decide(works, events));
        } finally {
            running.addAndGet(-works.size());
        }
    }

    private List<Decision> decide(List<Work> works, List<Event<T>> events) {
        try {
            return inbox == null
                    ? decisions(call(works.get(0), events))
                    : new BatchInbox<T>(inbox).run(works, events, chosen -> call(works.get(0), chosen));
        } catch (Throwable failure) { // allow CatchException: nobody said what became of them, so all have failed
            CollectedBatch<T> all = new CollectedBatch<>(events);
            all.failed(failure);
            return decisions(all);
        }
    }

    private List<Decision> decisions(CollectedBatch<T> batch) {
        List<Decision> decisions = new ArrayList<>();
        for (int index = 0; index < batch.size(); index++) {
            decisions.add(batch.decision(index));
        }
        return decisions;
    }

    private CollectedBatch<T> call(Work first, List<Event<T>> events) {
        CollectedBatch<T> batch = new CollectedBatch<>(events);
        try {
            IncomingEvent incoming = first.event();
            if (observation.off() || incoming == null) {
                subscription.timed(() -> handle(batch));
            } else {
                observation.call(
                        incoming,
                        events.size(),
                        () -> subscription.timed(() -> handle(batch)),
                        done -> ReceiveObservation.name(batch));
            }
        } catch (Throwable failure) { // allow CatchException: whatever a handler throws is a failed attempt
            batch.failed(failure);
        }
        return batch;
    }

    private boolean handle(CollectedBatch<T> batch) throws Exception {
        handler.handle(batch);
        return true;
    }

    private void settle(List<Work> works, List<Decision> decisions) {
        Set<String> blocked = new HashSet<>();
        List<Integer> open = new ArrayList<>();
        for (int index = 0; index < works.size(); index++) {
            String lane = works.get(index).lane();
            if (lane != null && blocked.contains(lane)) {
                works.get(index).joined(false); // before the one it waits for is settled
            } else {
                if (lane != null && !decisions.get(index).handled()) {
                    blocked.add(lane);
                }
                open.add(index);
            }
        }
        for (int index : open) {
            settle(works.get(index), decisions.get(index));
        }
    }

    private void settle(Work work, Decision decision) {
        try {
            Throwable failure = decision.failure();
            if (decision.kind() == CollectedBatch.Kind.BUSY) {
                settlement.busy(work);
            } else if (decision.kind() == CollectedBatch.Kind.DUPLICATE) {
                settlement.duplicate(work);
            } else if (failure != null) {
                settlement.failed(work, failure);
            } else {
                settlement.settle(work, decision.outcome());
            }
        } catch (Throwable unsettled) { // allow CatchException: the others of the batch go on
            settlement.failed(work, unsettled);
        }
    }
}
