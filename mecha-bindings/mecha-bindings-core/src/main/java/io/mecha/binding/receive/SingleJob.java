// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.AsyncHandler;
import io.mecha.binding.Event;
import io.mecha.binding.Handler;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Outcome;
import io.mecha.binding.event.IncomingEvent;
import io.micrometer.observation.Observation;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A job that calls a handler for each event.
 *
 * @param <T> type of the payload
 */
final class SingleJob<T> implements WorkerPool.SingleJob {

    private final HandlerSubscription<T> subscription;
    private final Settlement<T> settlement;
    private final Admission admission;
    private final Results results;
    private final @Nullable Inbox inbox;
    private final ReceiveObservation observation;
    private final @Nullable Handler<T> handler;
    private final @Nullable AsyncHandler<T> asyncHandler;

    private SingleJob(
            HandlerSubscription<T> subscription,
            HandlerKind.Parts<T> parts,
            @Nullable Handler<T> handler,
            @Nullable AsyncHandler<T> asyncHandler) {
        this.subscription = subscription;
        this.settlement = parts.settlement();
        this.admission = new Admission(subscription, settlement);
        this.results = parts.results();
        this.inbox = parts.inbox();
        this.observation = parts.observation();
        this.handler = handler;
        this.asyncHandler = asyncHandler;
    }

    static <T> WorkerPool.Job of(HandlerSubscription<T> subscription, HandlerKind.Parts<T> parts, Handler<T> handler) {
        return new SingleJob<>(subscription, parts, handler, null);
    }

    static <T> WorkerPool.Job ofAsync(
            HandlerSubscription<T> subscription, HandlerKind.Parts<T> parts, AsyncHandler<T> handler) {
        return new SingleJob<>(subscription, parts, null, handler);
    }

    @Override
    public boolean due(Queue<Work> ready) {
        return !ready.isEmpty();
    }

    @Override
    public WorkerPool.Step step(Queue<Work> ready) {
        Work work = ready.poll();
        return work == null ? WorkerPool.Step.NOTHING : execute(work);
    }

    @Override
    public WorkerPool.Step execute(Work work) {
        try {
            if (!admission.admit(work)) {
                return WorkerPool.Step.DONE;
            }
            IncomingEvent incoming = work.event();
            if (incoming == null) {
                throw new IllegalStateException("An event that was admitted was not read");
            }
            Event<T> event;
            try {
                event = incoming.read(subscription.payload(), work.attempt());
            } catch (InvalidEventException unreadable) {
                settlement.unreadable(work, unreadable);
                return WorkerPool.Step.DONE;
            }
            return handle(work, incoming, event);
        } catch (Throwable failure) { // allow CatchException: whatever a handler throws is a failed attempt
            settlement.failed(work, failure);
            return WorkerPool.Step.DONE;
        }
    }

    private WorkerPool.Step handle(Work work, IncomingEvent incoming, Event<T> event) throws Exception {
        if (inbox == null) {
            return asyncHandler == null
                    ? settle(work, call(work, incoming, event))
                    : begin(work, incoming, asyncHandler, event, null);
        }
        if (inbox.transactional() && asyncHandler == null) {
            return settle(work, joined(inbox, work, incoming, event));
        }
        Inbox.Claim claim;
        try {
            claim = inbox.claim(incoming);
        } catch (Throwable failure) { // allow CatchException: not the handler's fault, so it does not count
            settlement.busy(work);
            return WorkerPool.Step.DONE;
        }
        switch (claim.state()) {
            case BUSY -> settlement.busy(work);
            case HANDLED -> settlement.duplicate(work);
            case OURS -> {
                return claimed(claim, work, incoming, event);
            }
        }
        return WorkerPool.Step.DONE;
    }

    private WorkerPool.Step claimed(Inbox.Claim claim, Work work, IncomingEvent incoming, Event<T> event)
            throws Exception {
        Outcome outcome;
        try {
            if (asyncHandler != null) {
                return begin(work, incoming, asyncHandler, event, claim);
            }
            outcome = call(work, incoming, event);
        } catch (Throwable failure) {
            claim.undo();
            throw failure;
        }
        conclude(claim, outcome);
        return settle(work, outcome);
    }

    private static void conclude(Inbox.Claim claim, Outcome outcome) {
        if (isHandled(outcome)) {
            claim.handled();
        } else {
            claim.undo();
        }
    }

    private static boolean isHandled(Outcome outcome) {
        return !(outcome instanceof Outcome.Retry || outcome instanceof Outcome.DeadLetter);
    }

    private WorkerPool.Step settle(Work work, @Nullable Outcome outcome) {
        if (outcome == null) {
            settlement.duplicate(work);
        } else {
            settlement.settle(work, outcome);
        }
        return WorkerPool.Step.DONE;
    }

    /** Calls the handler, and sends what it returned unless that is part of the acknowledgement. */
    private Outcome call(Work work, IncomingEvent incoming, Event<T> event) throws Exception {
        Handler<T> target = handler;
        if (target == null) {
            throw new IllegalStateException("The handler finishes later");
        }
        Outcome outcome = subscription.watchdog() == null && observation.off()
                ? target.handle(event)
                : observation.call(
                        incoming, 1, () -> subscription.timed(() -> target.handle(event)), ReceiveObservation::name);
        results.begin(work, Objects.requireNonNull(outcome, "The handler returned no outcome"));
        return outcome;
    }

    /** Runs the handler and the entry of the inbox in one transaction; {@code null} if the entry was there. */
    private @Nullable Outcome joined(Inbox box, Work work, IncomingEvent incoming, Event<T> event) throws Exception {
        try {
            Outcome[] handled = box.transact(() -> {
                if (!box.enter(incoming)) {
                    return new Outcome[0];
                }
                Outcome outcome = call(work, incoming, event);
                if (!isHandled(outcome)) {
                    throw new UndoneException(outcome);
                }
                return new Outcome[] {outcome};
            });
            return handled.length == 0 ? null : handled[0];
        } catch (UndoneException undone) {
            return undone.outcome;
        }
    }

    private WorkerPool.Step begin(
            Work work, IncomingEvent incoming, AsyncHandler<T> target, Event<T> event, Inbox.@Nullable Claim claim)
            throws Exception {
        Observation observed = observation.off() ? null : observation.start(incoming);
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        Watchdog watchdog = subscription.watchdog();
        try {
            CompletionStage<Outcome> stage;
            Observation.Scope scope = observed == null ? Observation.Scope.NOOP : observation.open(observed);
            try {
                stage = target.handle(event);
            } finally {
                observation.close(scope);
            }
            // Stages that pass an exception on wrap it, and older JDKs then ask it for its text: handle() does neither.
            stage.handle((outcome, failure) ->
                    failure == null ? result.complete(outcome) : result.completeExceptionally(failure));
        } catch (Throwable failure) {
            stop(observed, null, failure);
            throw failure;
        }
        Watchdog.Watch watch = watchdog == null
                ? null
                : watchdog.watch(() -> result.completeExceptionally(HandlerSubscription.tooLong(watchdog, null)));
        var unused = result.handle((outcome, failure) -> {
            if (watch != null) {
                watch.forget();
            }
            stop(observed, outcome, failure);
            subscription.workers().runExtra(() -> end(work, claim, outcome, failure));
            return true;
        });
        return WorkerPool.Step.KEPT;
    }

    private void end(Work work, Inbox.@Nullable Claim claim, @Nullable Outcome outcome, @Nullable Throwable failure) {
        try {
            if (failure != null) {
                throw failure;
            }
            results.begin(work, Objects.requireNonNull(outcome, "The handler returned no outcome"));
            if (claim != null) {
                conclude(claim, outcome);
            }
            settlement.settle(work, outcome);
        } catch (Throwable unsent) { // allow CatchException: a result that was not sent is a failed attempt
            if (claim != null) {
                claim.undo();
            }
            settlement.failed(work, unsent);
        } finally {
            subscription.workers().release();
        }
    }

    private void stop(@Nullable Observation observed, @Nullable Outcome outcome, @Nullable Throwable failure) {
        if (observed != null) {
            observation.stop(observed, ReceiveObservation.name(failure == null ? outcome : null), failure);
        }
    }

    /** The reason to roll a transaction back. */
    private static final class UndoneException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Outcome outcome;

        UndoneException(Outcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }
    }
}
