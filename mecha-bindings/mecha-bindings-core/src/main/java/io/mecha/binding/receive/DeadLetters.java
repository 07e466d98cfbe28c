// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.PropertyNames;
import io.mecha.Thrown;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.channel.Pauses;
import io.mecha.binding.channel.TakenBack;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.DeadLetterNotes;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import io.mecha.binding.spi.Retention;
import io.mecha.runtime.Repeated;
import io.mecha.runtime.Timers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
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

    private static final int MAXIMUM_TEXT = 1024;
    private static final int MAXIMUM_NAME = 255;
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final ChannelContext origin;
    private final String group;
    private final @Nullable ChannelContext dead;
    private final Timers timers;
    private final Executor workers;
    private final Marks marks;
    private final @Nullable Retention retention;
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
        this.marks = engine.marks();
        this.retention = origin.capabilities().find(Retention.class).orElse(null);
        this.takenBack = new TakenBack(timers, origin.statistics().parked());
    }

    /**
     * The reason why an event was given up.
     *
     * @param reason one sentence
     * @param cause what was thrown, if anything
     */
    record Verdict(
            Rejection rejection,
            String reason,
            int attempts,
            @Nullable Throwable cause) {

        Verdict {
            reason = Thrown.cut(reason, MAXIMUM_TEXT);
        }

        /** Returns the reason and the cause in one line. */
        String line() {
            return AttributeText.clean(
                    cause == null || rejection == Rejection.UNREADABLE
                            ? reason
                            : reason + " " + Thrown.describe(cause));
        }

        /** Leaves out what is of any length. */
        Verdict bare() {
            return new Verdict(rejection, "", attempts, null);
        }
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
    void give(Work work, Verdict verdict) {
        HandlerSubscription<?> subscription = work.target();
        if (LOG.isDebugEnabled() && verdict.cause() != null) {
            LOG.debug("An event of channel '{}' is given up", origin.name(), Thrown.loggable(verdict.cause()));
        }
        if (dead == null) {
            LOG.warn(
                    "An event of channel '{}' was given up for group '{}' (to keep such events, set" + " {}): {}",
                    origin.name(),
                    group,
                    PropertyNames.channel(origin.name(), "in.dead-letter"),
                    verdict.line());
            origin.statistics().rejected().increment();
            work.reject(verdict.rejection());
            subscription.finished(work);
            return;
        }
        LOG.warn(
                "An event of channel '{}' goes to '{}' for group '{}': {}",
                origin.name(),
                dead.name(),
                group,
                verdict.line());
        write(dead, work, verdict, DeadLetterForm.WHOLE, 1);
    }

    private void write(ChannelContext channel, Work work, Verdict verdict, DeadLetterForm form, int attempt) {
        HandlerSubscription<?> subscription = work.target();
        if (subscription.ended() || !work.current()) {
            leave(work);
            return;
        }
        subscription.workers().enterExtra();
        CompletionStage<Receipt> sent;
        try {
            declare();
            Message message = message(work, verdict, form);
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
                    failed(channel, work, verdict, form, attempt, failure);
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
            ChannelContext channel, Work work, Verdict verdict, DeadLetterForm form, int attempt, Throwable failure) {
        if (!Failures.isPermanent(failure)) {
            again(channel, work, verdict, form, attempt, failure);
            return;
        }
        DeadLetterForm less = form.less(retention != null && work.sole() != null);
        if (less != null) {
            if (LOG.isDebugEnabled()) {
                LOG.debug("A dead letter was refused and is written as {}", less, Thrown.loggable(failure));
            }
            write(channel, work, verdict, less, 1);
        } else {
            park(channel, work, verdict, failure);
        }
    }

    /**
     * Puts an event aside whose dead letter is refused for good: the backend keeps it, since nobody acknowledges it, its key goes on
     * without it, and it is tried again now and then, in case somebody has changed a limit.
     */
    private void park(ChannelContext channel, Work work, Verdict verdict, Throwable failure) {
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
        later(Pauses.parked(), () -> write(channel, work, verdict, DeadLetterForm.WHOLE, 1));
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
            ChannelContext channel, Work work, Verdict verdict, DeadLetterForm form, int attempt, Throwable failure) {
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
        later(Pauses.after(attempt), () -> write(channel, work, verdict, form, attempt + 1));
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

    private Message message(Work work, Verdict verdict, DeadLetterForm form) {
        try {
            return letter(work, form == DeadLetterForm.BARE ? verdict.bare() : verdict, form);
        } catch (Throwable failure) { // allow CatchException: an event of which no letter can be made is as one that is
            // refused
            throw SendException.unacceptable(
                    origin.name(),
                    origin.options().type(),
                    "no dead letter can be made of it",
                    Thrown.loggable(failure));
        }
    }

    /** Describes what happened to whoever reads the dead letter; only the mark says to a redrive whose it is, and where its event lies. */
    private Message letter(Work work, Verdict verdict, DeadLetterForm form) {
        Message raw = work.message();
        IncomingEvent event = work.event();
        Message given = event == null ? raw : event.toMessage();
        Map<String, String> notes = notes(verdict);
        String position = "";
        Delivery sole = work.sole();
        if (form == DeadLetterForm.POINTER && retention != null && sole != null) {
            given = DeadLetterForm.withoutData(given);
            position = retention.position(sole);
            notes.put(DeadLetterNotes.POSITION, position);
        }
        Map<String, String> attributes = DeadLetterNotes.without(given.attributes());
        Map<String, String> headers = DeadLetterNotes.without(given.headers());
        (attributes.isEmpty() ? headers : attributes).putAll(notes);
        Marks.Mark mark = marks.of(raw);
        String run = mark == null
                ? ""
                : mark.run(); // says only which redrive is to leave it alone, so it need not be signed
        return marks.marked(given, attributes, headers, Marks.Kind.DEAD, origin.name(), group, run, position);
    }

    private Map<String, String> notes(Verdict verdict) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put(DeadLetterNotes.MECHA + "channel", origin.name());
        notes.put(DeadLetterNotes.MECHA + "group", group);
        if (!verdict.reason().isEmpty()) {
            notes.put(DeadLetterNotes.MECHA + "reason", AttributeText.clean(verdict.reason()));
        }
        notes.put(DeadLetterNotes.MECHA + "attempts", Integer.toString(verdict.attempts()));
        notes.put(DeadLetterNotes.KNATIVE + "dest", origin.name());
        notes.put(DeadLetterNotes.KNATIVE + "code", code(verdict.rejection()));
        Throwable cause = verdict.cause();
        if (cause != null) {
            notes.put(
                    DeadLetterNotes.MECHA + "exception",
                    Thrown.cut(cause.getClass().getName(), MAXIMUM_NAME));
            String data = Thrown.message(cause);
            if (!data.isEmpty()) {
                notes.put(DeadLetterNotes.KNATIVE + "data", AttributeText.clean(data));
            }
        }
        return notes;
    }

    private static String code(Rejection rejection) {
        return switch (rejection) {
            case UNREADABLE -> "400";
            case REFUSED -> "422";
            case FAILED -> "500";
        };
    }

    /** Counts what lies there for the group; empty if the backend cannot tell now. */
    OptionalLong count() {
        return dead == null ? OptionalLong.empty() : dead.receiving().lag(group);
    }

    @Nullable String name() {
        return dead == null ? null : dead.name();
    }
}
