// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.Mistake;
import io.mecha.autoconfigure.handler.HandlerMistakes;

/**
 * The mistakes that methods with {@code @Binding} can have.
 *
 * @since 1.0
 */
public final class BindingHandlerMistakes {

    /** Code of a placeholder that cannot be resolved. */
    public static final String PLACEHOLDER = "MECHA-B113";

    static final HandlerMistakes CODES = new HandlerMistakes("MECHA-B110", "MECHA-B106", PLACEHOLDER);

    private BindingHandlerMistakes() {}

    /** A class that is annotated and has no methods that are. */
    static Mistake noMethods(Class<?> type, String channel) {
        return new Mistake(
                "MECHA-B110",
                "class " + type.getName(),
                "It has @Binding(\"%s\"), but none of its methods has @Binding, so that nothing is received."
                        .formatted(channel),
                "Annotate the methods that take the messages with @Binding, too, or remove it from the class.");
    }

    /** Two handlers that take the same messages. */
    static Mistake overlap(String place, String other, String channel, String group) {
        return new Mistake(
                "MECHA-B111",
                place,
                "It takes messages of channel '%s' for group '%s' that %s takes, too.".formatted(channel, group, other),
                "Give one of them another type, a filter or another group.");
    }

    /** A fallback without a handler. */
    static Mistake fallback(String place, String problem, String action) {
        return new Mistake("MECHA-B112", place, problem, action);
    }
}
