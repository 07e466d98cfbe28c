// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.deadletter;

import io.mecha.Thrown;
import io.mecha.binding.SendException;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.DeadLetterNotes;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import io.mecha.binding.spi.Retention;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The format of the dead letters of one group: the event, notes about its failure, and a mark for a redrive. */
public final class DeadLetterFormat {

    private static final int MAXIMUM_NAME = 255;

    private final ChannelContext origin;
    private final String group;
    private final Marks marks;
    private final @Nullable Retention retention;

    /**
     * Describe the dead letters of a group.
     *
     * @param origin the channel that the events came from
     * @param group the group that gave them up
     * @param marks signs the mark for a redrive
     * @param retention the log of the channel; {@code null} if it keeps nothing
     */
    public DeadLetterFormat(ChannelContext origin, String group, Marks marks, @Nullable Retention retention) {
        this.origin = origin;
        this.group = group;
        this.marks = marks;
        this.retention = retention;
    }

    /**
     * Make a dead letter.
     *
     * @param raw the message that arrived
     * @param event the event in it; {@code null} if there is none to be read
     * @param sole its delivery; {@code null} if that holds other events, too
     * @param reason why it was given up
     * @param form how much of it to keep
     * @return the dead letter
     * @throws SendException if no dead letter can be made of the event, as if it were refused
     */
    public Message message(
            Message raw,
            @Nullable IncomingEvent event,
            @Nullable Delivery sole,
            DeadLetterReason reason,
            DeadLetterForm form) {
        try {
            return letter(raw, event, sole, form == DeadLetterForm.BARE ? reason.bare() : reason, form);
        } catch (Throwable failure) { // allow CatchException: handled as a refusal
            throw SendException.unacceptable(
                    origin.name(),
                    origin.options().type(),
                    "no dead letter can be made of it",
                    Thrown.loggable(failure));
        }
    }

    /** Describes to readers what happened; only the mark says to a redrive whose it is, and where its event lies. */
    private Message letter(
            Message raw,
            @Nullable IncomingEvent event,
            @Nullable Delivery sole,
            DeadLetterReason reason,
            DeadLetterForm form) {
        Message given = event == null ? raw : event.toMessage();
        Map<String, String> notes = notes(reason);
        String position = "";
        if (form == DeadLetterForm.POINTER && retention != null && sole != null) {
            given = DeadLetterForm.withoutData(given);
            position = retention.position(sole);
            notes.put(DeadLetterNotes.POSITION, position);
        }
        Map<String, String> attributes = DeadLetterNotes.without(given.attributes());
        Map<String, String> headers = DeadLetterNotes.without(given.headers());
        (attributes.isEmpty() ? headers : attributes).putAll(notes);
        Marks.Mark mark = marks.of(raw);
        // Says only which redrive is to leave it alone, so it need not be signed.
        String run = mark == null ? "" : mark.run();
        return marks.marked(given, attributes, headers, Marks.Kind.DEAD, origin.name(), group, run, position);
    }

    private Map<String, String> notes(DeadLetterReason reason) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put(DeadLetterNotes.MECHA + "channel", origin.name());
        notes.put(DeadLetterNotes.MECHA + "group", group);
        if (!reason.text().isEmpty()) {
            notes.put(DeadLetterNotes.MECHA + "reason", AttributeText.clean(reason.text()));
        }
        notes.put(DeadLetterNotes.MECHA + "attempts", Integer.toString(reason.attempts()));
        notes.put(DeadLetterNotes.KNATIVE + "dest", origin.name());
        notes.put(DeadLetterNotes.KNATIVE + "code", code(reason.rejection()));
        Throwable cause = reason.cause();
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
}
