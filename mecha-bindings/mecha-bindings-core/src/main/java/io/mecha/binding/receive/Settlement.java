// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.Thrown;
import io.mecha.binding.Event;
import io.mecha.binding.Failure;
import io.mecha.binding.FallbackHandler;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Outcome;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.Pauses;
import io.mecha.binding.deadletter.DeadLetterReason;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.Rejection;
import io.mecha.runtime.Repeated;
import io.mecha.runtime.Timers;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settlement of an event after an attempt: acknowledged, tried again, handed to the fallback, or given up.
 *
 * @param <T> type of the payload
 */
final class Settlement<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    private final HandlerSubscription<T> subscription;
    private final ChannelContext channel;
    private final Timers timers;
    private final DeadLetters deadLetters;
    private final Results results;
    private final @Nullable FallbackHandler<T> fallback;
    private final @Nullable AttemptMemory memory;
    private final Repeated unhelpful = new Repeated();
    private final Repeated unsettled = new Repeated();

    Settlement(
            HandlerSubscription<T> subscription,
            ChannelContext channel,
            Timers timers,
            DeadLetters deadLetters,
            Results results,
            @Nullable FallbackHandler<T> fallback) {
        this.subscription = subscription;
        this.channel = channel;
        this.timers = timers;
        this.deadLetters = deadLetters;
        this.results = results;
        this.fallback = fallback;
        this.memory = channel.capabilities().find(AttemptMemory.class).orElse(null);
    }

    /** Does what the handler asked for; results that are sent before the acknowledgement are sent already. */
    void settle(Work work, Outcome outcome) {
        if (outcome instanceof Outcome.Ack) {
            done(work);
        } else if (outcome instanceof Outcome.Reply reply) {
            if (!results.finish(work, reply.result())) {
                work.acknowledge();
            }
            subscription.finished(work);
        } else if (outcome instanceof Outcome.Drop) {
            channel.statistics().dropped().increment();
            done(work);
        } else if (outcome instanceof Outcome.DeadLetter refused) {
            giveUp(work, Rejection.REFUSED, refused.reason(), null);
        } else {
            failed(work, null, ((Outcome.Retry) outcome).after());
        }
    }

    /** Acknowledges. */
    void done(Work work) {
        work.acknowledge();
        subscription.finished(work);
    }

    /** Acknowledges what was handled before. */
    void duplicate(Work work) {
        channel.statistics().duplicates().increment();
        done(work);
    }

    /** Acknowledges what no handler takes. */
    void unseen(Work work) {
        channel.statistics().filtered().increment();
        done(work);
    }

    /** Tries again, or gives up, after a handler threw; does not throw. */
    void failed(Work work, Throwable failure) {
        try {
            Throwable cause = Thrown.unwrap(failure);
            boolean stopped = cause instanceof InterruptedException || cause instanceof CancellationException;
            if (stopped && subscription.workers().held() && subscription.ended()) {
                subscription.giveBack(work);
            } else {
                failed(work, cause, null);
            }
        } catch (Throwable unsettled) { // allow CatchException: whatever it is, the event must not stay without an end
            unsettled(work, unsettled);
        }
    }

    /** Has an event tried again that could be neither finished nor given up. */
    private void unsettled(Work work, Throwable failure) {
        long count = unsettled.add();
        if (count > 0) {
            LOG.warn(
                    "Events of channel '{}' could not be settled for group '{}', {} times; they are tried again: {}",
                    channel.name(),
                    subscription.group(),
                    count,
                    Thrown.describe(failure));
        }
        try {
            again(work, Pauses.busy());
        } catch (Throwable full) { // allow CatchException: the backend delivers it again
            subscription.giveBack(work);
        }
    }

    /** Tries again, or gives up. */
    void failed(Work work, @Nullable Throwable cause, @Nullable Duration after) {
        int attempts = work.attempt();
        Retries retry = subscription.settings().retry();
        if (attempts >= retry.maxAttempts() || (cause != null && !retry.retries(cause))) {
            exhausted(work, attempts, cause);
            return;
        }
        work.countFailure();
        channel.statistics().retried().increment();
        if (memory != null) {
            work.failed(memory, attempts);
        }
        again(work, after == null ? retry.after(attempts) : after);
    }

    /** Tries again soon, without counting: it could not be tried. */
    void busy(Work work) {
        again(work, Pauses.busy());
    }

    private void again(Work work, Duration pause) {
        if (pause.isZero()) {
            subscription.makeReady(work);
        } else {
            timers.after(pause, () -> subscription.makeReady(work));
        }
    }

    /** Gives up what was handed out too often without an end. */
    void untried(Work work) {
        giveUp(
                work,
                Rejection.FAILED,
                "It was delivered %d times without a recorded outcome; the process probably ended each time."
                        .formatted(work.attempt()),
                null);
    }

    /** Gives up what is no event, or holds no such payload. */
    void unreadable(Work work, InvalidEventException reason) {
        giveUp(work, Rejection.UNREADABLE, reason.problem(), reason);
    }

    private void giveUp(Work work, Rejection rejection, String reason, @Nullable Throwable cause) {
        deadLetters.give(work, new DeadLetterReason(rejection, reason, work.attempt(), cause));
    }

    private void exhausted(Work work, int attempts, @Nullable Throwable cause) {
        String reason = cause == null
                ? "The handler asked for more than %d attempts.".formatted(attempts)
                : "Attempt %d failed with %s."
                        .formatted(attempts, cause.getClass().getSimpleName());
        IncomingEvent event = work.event();
        Outcome outcome = null;
        if (fallback != null && event != null) {
            try {
                Event<T> read = event.read(subscription.payload(), attempts);
                Failure failure = new Failure(channel.name(), subscription.group(), attempts, reason, cause);
                outcome = subscription.timed(() -> fallback.handle(read, failure));
                results.begin(work, outcome);
            } catch (Throwable failure) { // allow CatchException: the dead letter tells the first cause
                outcome = null;
                fallbackFailed(failure);
            }
        }
        if (outcome instanceof Outcome.Ack || outcome instanceof Outcome.Drop || outcome instanceof Outcome.Reply) {
            settle(work, outcome);
        } else if (outcome instanceof Outcome.DeadLetter refused) {
            giveUp(work, Rejection.FAILED, refused.reason(), cause);
        } else {
            giveUp(work, Rejection.FAILED, reason, cause);
        }
    }

    private void fallbackFailed(Throwable failure) {
        long count = unhelpful.add();
        if (count > 0) {
            LOG.warn(
                    "The fallback of channel '{}' failed for group '{}', {} times: {}",
                    channel.name(),
                    subscription.group(),
                    count,
                    Thrown.describe(failure));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("A fallback failed", Thrown.loggable(failure));
        }
    }

    /** Tells whether the backend can be told what was handed out and not tried, so that its count does not hit the innocent. */
    boolean corrects() {
        return memory != null;
    }

    /** Lets an event that was handed out and not tried count as not handed out, where the backend counts. */
    void untouched(Work work) {
        if (memory != null) {
            work.failed(memory, work.attempt() - 1);
        }
    }
}
