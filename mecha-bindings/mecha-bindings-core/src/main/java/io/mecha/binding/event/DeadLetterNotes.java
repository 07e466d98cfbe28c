// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.binding.spi.Message;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The explanation of a dead letter beside its event, in attributes or headers. */
public final class DeadLetterNotes {

    /** Prefix of the attributes, or headers, that Mecha defines for dead letters. */
    public static final String MECHA = "mechadead";

    /** Prefix of the attributes that Knative Eventing defines for dead letters. */
    public static final String KNATIVE = "knativeerror";

    /** Name of the attribute with the position of the event in its channel, for readers; a redrive uses the mark instead. */
    public static final String POSITION = MECHA + "position";

    /** What Mecha writes; other names that begin so are a sender's own. */
    private static final Set<String> NAMES = Set.of(
            MECHA + "channel",
            MECHA + "group",
            MECHA + "reason",
            MECHA + "attempts",
            MECHA + "exception",
            POSITION,
            KNATIVE + "dest",
            KNATIVE + "code",
            KNATIVE + "data");

    private DeadLetterNotes() {}

    /** Returns what was added to a message when it was given up. */
    static Map<String, String> of(Message message) {
        Map<String, String> notes = new LinkedHashMap<>(message.headers());
        notes.putAll(message.attributes());
        notes.keySet().removeIf(name -> !isNote(name));
        return notes;
    }

    /**
     * Return a copy without the notes of a dead letter, Mecha's and those of others.
     *
     * @param map attributes or headers: values by name; notes are known by name in any case
     * @return the other entries, in the order of {@code map}; the caller may change the copy
     */
    public static Map<String, String> without(Map<String, String> map) {
        Map<String, String> kept = new LinkedHashMap<>(map);
        kept.keySet().removeIf(DeadLetterNotes::isNote);
        return kept;
    }

    private static boolean isNote(String name) {
        return (begins(name, MECHA) || begins(name, KNATIVE)) && NAMES.contains(name.toLowerCase(Locale.ROOT));
    }

    private static boolean begins(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
