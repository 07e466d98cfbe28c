// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Words for what is wrong with methods that handle messages. */
final class HandlerMistakes {

    private HandlerMistakes() {}

    /** Describes where a method is. */
    static String place(Method method) {
        return "method '%s(%s)' of %s"
                .formatted(
                        method.getName(),
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getSimpleName)
                                .collect(Collectors.joining(", ")),
                        method.getDeclaringClass().getName());
    }

    /** A method that messages cannot be passed to. */
    static InvalidConfigurationException signature(Method method, String problem, String action) {
        return new InvalidConfigurationException(List.of(new Mistake("MECHA-B110", place(method), problem, action)));
    }

    /** An attribute whose text means nothing. */
    static InvalidConfigurationException attribute(Method method, String attribute, String problem, String action) {
        return new InvalidConfigurationException(
                List.of(new Mistake("MECHA-B106", "%s of %s".formatted(attribute, place(method)), problem, action)));
    }

    /** A placeholder that stands for nothing. */
    static Mistake placeholder(String place, String text) {
        return new Mistake(
                "MECHA-B113",
                place,
                "The placeholder in '%s' stands for nothing.".formatted(text),
                "Set the property that the placeholder names, or give it a default as in ${name:default}.");
    }

    /** Two handlers of which nobody could tell which gets a message. */
    static Mistake overlap(String place, String other, String channel, String group) {
        return new Mistake(
                "MECHA-B111",
                place,
                "It takes messages of channel '%s' for group '%s' that %s takes, too.".formatted(channel, group, other),
                "Give one of them another type, a filter or another group.");
    }

    /** A fallback that nothing leads to. */
    static Mistake fallback(String place, String problem, String action) {
        return new Mistake("MECHA-B112", place, problem, action);
    }
}
