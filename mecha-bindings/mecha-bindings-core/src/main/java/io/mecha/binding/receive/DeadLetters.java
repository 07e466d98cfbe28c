// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.PropertyNames;
import io.mecha.Thrown;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.Pauses;
import io.mecha.binding.channel.TakenBack;
import io.mecha.binding.deadletter.DeadLetterForm;
import io.mecha.binding.deadletter.DeadLetterFormat;
import io.mecha.binding.deadletter.DeadLetterReason;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Retention;
import io.mecha.runtime.Repeated;
import io.mecha.runtime.Timers;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The dead letters of one subscription, written until the write succeeds; only then is the delivery acknowledged. */
public final class DeadLetters {

    /** What the name of a dead letter ends with unless another is configured. */
    public static final String SUFFIX = ".dead";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final ChannelContext origin;
    private final String group;
    private final @Nullable ChannelContext dead;
    private final Timers timers;
    private final Executor workers;
    private final boolean retained;
    private final DeadLetterFormat format;
    private final TakenBack takenBack;
    private final Repeated unwritten = new Repeated();
    private final Repeated refused = new Repeated();
    private volatile boolean declared;

    DeadLetters(ChannelContext origin, String group, @Nullable ChannelContext dead, EngineContext engine) {
        this.origin = origin;
        this.group = group;
        this.dead = dead;
        this.timers = engine.timers();
        this.workers = engine.background();
        Retention retention = origin.capabilities().find(Retention.class).orElse(null);
        this.retained = retention != null;
        this.format = new DeadLetterFormat(origin, group, engine.marks(), retention);
        this.takenBack = new TakenBack(timers, origin.statistics().parked());
    }

    /** Has the dead letter channel keep what is written for the group, now or when its server can be reached. */
    void prepare() {
        prepare(1);
    }

    private void prepare(int attempt) {
        if (dead == null || declared) {
            return;
        }
        later(Duration.ZERO, () -> {
            try {
                declare();
            } catch (Throwable failure) { // allow CatchException: tried again
                LOG.debug("The group '{}' of channel '{}' was not declared", group, dead.name(), failure);
                timers.after(Pauses.after(attempt), () -> prepare(attempt + 1));
            }
        });
    }

    private void declare() {
        if (dead != null && !declared) {
            Optional<Groups> groups = dead.capabilities().find(Groups.class);
            groups.ifPresent(offered -> offered.declare(group, Ordering.NONE));
            declared = true;
        }
    }

    /** Gives an event up; on a thread that may block. */
    void give(Work work, DeadLetterReason reason) {
        HandlerSubscription<?> subscription = work.target();
        if (LOG.isDebugEnabled() && reason.cause() != null) {
            LOG.debug("An event of channel '{}' is given up", origin.name(), Thrown.loggable(reason.cause()));
        }
        if (dead == null) {
            LOG.warn(
                    "An event of channel '{}' was given up for group '{}' (to keep such events, set" + " {}): {}",
                    origin.name(),
                    group,
                    PropertyNames.channel(origin.name(), "in.dead-letter"),
                    reason.line());
            origin.statistics().rejected().increment();
            work.reject(reason.rejection());
            subscription.finished(work);
            return;
        }
        LOG.warn(
                "An event of channel '{}' goes to '{}' for group '{}': {}",
                origin.name(),
                dead.name(),
                group,
                reason.line());
        write(dead, work, reason, DeadLetterForm.WHOLE, 1);
    }

    private void write(ChannelContext channel, Work work, DeadLetterReason reason, DeadLetterForm form, int attempt) {
        HandlerSubscription<?> subscription = work.target();
        if (subscription.ended() || !work.current()) {
            leave(work);
            return;
        }
        subscription.workers().enterExtra();
        CompletionStage<Receipt> sent;
        try {
            declare();
            Message message = format.message(work.message(), work.event(), work.sole(), reason, form);
            String id = message.attributes().getOrDefault("id", "");
            sent = channel.sending().forward(id, message);
        } catch (Throwable failure) { // allow CatchException: handled as a failed stage
            sent = CompletableFuture.failedFuture(failure);
        }
        sent.whenComplete((receipt, failure) -> run(() -> {
            try {
                if (failure == null) {
                    origin.statistics().deadLettered().increment();
                    work.acknowledge();
                    finished(work);
                } else {
                    failed(channel, work, reason, form, attempt, failure);
                }
            } finally {
                subscription.workers().release();
            }
        }));
    }

    private void leave(Work work) {
        if (work.parked()) {
            work.release();
            finished(work);
        } else if (work.target().ended()) {
            work.target().giveBack(work);
        } else {
            work.target().lost(work);
        }
    }

    private void finished(Work work) {
        if (work.parked()) {
            origin.statistics().parked().decrement();
        } else {
            work.target().finished(work);
        }
    }

    private void failed(
            ChannelContext channel,
            Work work,
            DeadLetterReason reason,
            DeadLetterForm form,
            int attempt,
            Throwable failure) {
        if (!Failures.isPermanent(failure)) {
            again(channel, work, reason, form, attempt, failure);
            return;
        }
        DeadLetterForm less = form.less(retained && work.sole() != null);
        if (less != null) {
            if (LOG.isDebugEnabled()) {
                LOG.debug("A dead letter was refused and is written as {}", less, Thrown.loggable(failure));
            }
            write(channel, work, reason, less, 1);
        } else {
            park(channel, work, reason, failure);
        }
    }

    /**
     * Puts an event aside whose dead letter is refused for good: the backend keeps it, since nobody acknowledges it, its key goes on
     * without it, and it is tried again now and then, in case somebody has changed a limit.
     */
    private void park(ChannelContext channel, Work work, DeadLetterReason reason, Throwable failure) {
        long count = refused.add();
        if (count > 0) {
            LOG.warn(
                    "Dead letters of channel '{}' were refused by '{}' for good, {} times; the messages are put aside, stay unacknowledged,"
                            + " and are tried again every ten minutes. Raise the limit of '{}', or name another channel in {}. {}",
                    origin.name(),
                    channel.name(),
                    count,
                    channel.name(),
                    PropertyNames.channel(origin.name(), "in.dead-letter"),
                    Thrown.describe(Thrown.unwrap(failure)));
        }
        boolean first = !work.parked();
        if (first) {
            work.target().finished(work);
            work.lane(null); // it has left
            work.park();
        }
        if (first && !work.current()) {
            takenBack.add();
            return;
        }
        if (first) {
            origin.statistics().parked().increment();
        }
        later(Pauses.parked(), () -> write(channel, work, reason, DeadLetterForm.WHOLE, 1));
    }

    /** Runs a task on another thread, or here where there is none to be had. */
    private void run(Runnable task) {
        try {
            workers.execute(task);
        } catch (Throwable failure) { // allow CatchException: it must not stay undone
            if (LOG.isDebugEnabled()) {
                LOG.debug("A task runs on the thread that led to it", Thrown.loggable(failure));
            }
            task.run();
        }
    }

    private void again(
            ChannelContext channel,
            Work work,
            DeadLetterReason reason,
            DeadLetterForm form,
            int attempt,
            Throwable failure) {
        long count = unwritten.add();
        if (count > 0) {
            LOG.warn(
                    "Dead letters of channel '{}' could not be written to '{}', {} times; they are kept and tried again: {}",
                    origin.name(),
                    channel.name(),
                    count,
                    Thrown.describe(Thrown.unwrap(failure)));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("A dead letter was not written, attempt {}", attempt, Thrown.loggable(failure));
        }
        later(Pauses.after(attempt), () -> write(channel, work, reason, form, attempt + 1));
    }

    private void later(Duration pause, Runnable task) {
        timers.after(pause, () -> {
            try {
                workers.execute(task);
            } catch (RejectedExecutionException closing) {
                LOG.debug("A task was not started, the engine is closed", closing);
            }
        });
    }

    /** Counts what lies there for the group; empty if the backend cannot tell now. */
    OptionalLong count() {
        return dead == null ? OptionalLong.empty() : dead.receiving().lag(group);
    }

    @Nullable String name() {
        return dead == null ? null : dead.name();
    }
}
