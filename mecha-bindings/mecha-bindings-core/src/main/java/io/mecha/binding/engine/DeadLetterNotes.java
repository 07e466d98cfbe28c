// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.spi.Message;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a dead letter says to people beside its event, in attributes or headers. */
final class DeadLetterNotes {

    static final String MECHA = "mechadead";
    static final String KNATIVE = "knativeerror";

    private DeadLetterNotes() {}

    /** Returns what was added to a message when it was given up. */
    static Map<String, String> of(Message message) {
        Map<String, String> notes = new LinkedHashMap<>(message.headers());
        notes.putAll(message.attributes());
        notes.keySet().removeIf(name -> !isNote(name));
        return notes;
    }

    /** Returns a copy without what a dead letter says in addition, whoever said it. */
    static Map<String, String> without(Map<String, String> map) {
        Map<String, String> kept = new LinkedHashMap<>(map);
        kept.keySet().removeIf(DeadLetterNotes::isNote);
        return kept;
    }

    private static boolean isNote(String name) {
        return begins(name, MECHA) || begins(name, KNATIVE);
    }

    private static boolean begins(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
