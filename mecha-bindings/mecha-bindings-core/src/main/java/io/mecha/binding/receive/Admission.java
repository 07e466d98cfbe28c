// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.InvalidEventException;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Message;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The step that reads an event and decides whether its handler is called. */
final class Admission {

    private static final String EXPIRY = "expirytime";

    private final HandlerSubscription<?> subscription;
    private final Settlement<?> settlement;
    private final GroupConsumer consumer;
    private final EngineContext engine;
    private final boolean remembers;

    Admission(HandlerSubscription<?> subscription, Settlement<?> settlement) {
        this.subscription = subscription;
        this.settlement = settlement;
        this.consumer = subscription.consumer();
        this.engine = subscription.engine();
        this.remembers = subscription.settings().inbox() != null;
    }

    /** The decision about an event before its handler is called. */
    enum Verdict {
        /** The handler is to be called. */
        HANDLE,
        /** The backend has given it to somebody else. */
        LOST,
        /** It is no event. */
        UNREADABLE,
        /** No handler of the group takes it. */
        UNSEEN,
        /** It is too old. */
        EXPIRED,
        /** Another handler of the group takes it. */
        ELSEWHERE,
        /** It was handed out too often. */
        UNTRIED,
        /** It has to go back. */
        CLOSED
    }

    /** Finds out; changes nothing but that the event is read. */
    Verdict check(Work work) {
        if (subscription.ended()) {
            return Verdict.CLOSED;
        }
        if (!work.current()) {
            return Verdict.LOST;
        }
        IncomingEvent event = read(work);
        if (isForOthers(work.message())) {
            return Verdict.UNSEEN;
        }
        if (event == null) {
            return Verdict.UNREADABLE;
        }
        String expiry = event.text(EXPIRY);
        if (expiry != null && expired(expiry)) {
            return Verdict.EXPIRED;
        }
        HandlerSubscription<?> target = consumer.selection().find(event);
        if (target == null) {
            return Verdict.UNSEEN;
        }
        if (target != subscription) {
            return Verdict.ELSEWHERE;
        }
        if (remembers && !event.identified()) {
            work.unreadable(InvalidEventException.unreadable(
                    consumer.channel().name(), "it has no identity that an inbox could store"));
            return Verdict.UNREADABLE;
        }
        int most = subscription.settings().retry().maxAttempts();
        return work.attempt() > most && settlement.corrects() ? Verdict.UNTRIED : Verdict.HANDLE;
    }

    /** Tells whether a redrive sent the message here for another group; what nobody has signed says nothing. */
    private boolean isForOthers(Message message) {
        Marks.Mark mark = engine.marks().of(message);
        return mark != null
                && mark.verified()
                && mark.kind() == Marks.Kind.ONLY
                && mark.place().equals(consumer.channel().options().destination())
                && !mark.group().equals(subscription.group());
    }

    private @Nullable IncomingEvent read(Work work) {
        IncomingEvent event = work.event();
        if (event == null && work.unreadable() == null) {
            try {
                event = consumer.readFirst(work.whole());
                work.event(event);
            } catch (InvalidEventException unreadable) {
                work.unreadable(unreadable);
            }
        }
        return event;
    }

    private boolean expired(String expiry) {
        try {
            Instant end = AttributeText.time(expiry);
            return !engine.clock().instant().isBefore(end);
        } catch (DateTimeException malformed) {
            return false;
        }
    }

    /** Finds out, and does what is to be done; {@code true} if the handler is to be called. */
    boolean admit(Work work) {
        Verdict verdict = check(work);
        switch (verdict) {
            case HANDLE -> {
                return true;
            }
            case LOST -> {
                settlement.untouched(work);
                subscription.lost(work);
            }
            case UNREADABLE -> {
                InvalidEventException reason = work.unreadable();
                if (reason != null) {
                    settlement.unreadable(work, reason);
                }
            }
            case UNSEEN -> settlement.unseen(work);
            case EXPIRED -> {
                consumer.channel().statistics().expired().increment();
                settlement.done(work);
            }
            case ELSEWHERE -> handOver(work);
            case UNTRIED -> settlement.untried(work);
            case CLOSED -> subscription.giveBack(work);
        }
        return false;
    }

    private void handOver(Work work) {
        IncomingEvent event = work.event();
        HandlerSubscription<?> other =
                event == null ? null : consumer.selection().find(event);
        if (other == null) {
            settlement.unseen(work);
        } else {
            subscription.handOver(work, other);
        }
    }
}
