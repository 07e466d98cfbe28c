// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.injection.InjectionPlace;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Words for what is wrong with methods that handle messages. */
final class HandlerMistakes {

    /** Code of a placeholder that stands for nothing. */
    static final String PLACEHOLDER = "MECHA-B113";

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

    /** A class that is annotated and has no methods that are. */
    static Mistake noMethods(Class<?> type, String channel) {
        return new Mistake(
                "MECHA-B110",
                "class " + type.getName(),
                "It has @Binding(\"%s\"), but none of its methods has @Binding, so that nothing is received."
                        .formatted(channel),
                "Annotate the methods that take the messages with @Binding, too, or remove it from the class.");
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
        return InjectionPlace.placeholder(PLACEHOLDER, place, text);
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
