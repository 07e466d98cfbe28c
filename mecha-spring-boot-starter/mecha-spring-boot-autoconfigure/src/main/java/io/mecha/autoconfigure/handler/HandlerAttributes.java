// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.PropertyResolver;

/**
 * A reader of the attributes of an annotation on a method, with placeholders; all mistakes in them are reported together.
 *
 * @since 1.0
 */
public final class HandlerAttributes {

    private final HandlerMistakes codes;
    private final Method method;
    private final PropertyResolver placeholders;
    private final MistakeCollector mistakes;

    /**
     * Begin to read.
     *
     * @param codes codes of mistakes
     * @param method the method with the annotation
     * @param placeholders resolves those in attributes
     * @param mistakes takes what is wrong
     */
    public HandlerAttributes(
            HandlerMistakes codes, Method method, PropertyResolver placeholders, MistakeCollector mistakes) {
        this.codes = codes;
        this.method = method;
        this.placeholders = placeholders;
        this.mistakes = mistakes;
    }

    /**
     * Resolve placeholders.
     *
     * @param text value of an attribute
     * @return the text; empty if a placeholder cannot be resolved
     */
    public String text(String text) {
        try {
            return placeholders.resolveRequiredPlaceholders(text);
        } catch (IllegalArgumentException unknown) {
            mistakes.add(codes.placeholder(method, text));
            return "";
        }
    }

    /**
     * Read an attribute, unless it is empty.
     *
     * @param <V> its type
     * @param attribute name of the attribute
     * @param text its value
     * @param reader makes the value of the text; throws {@code IllegalArgumentException} if it cannot
     * @param setter takes the value; throws {@code IllegalArgumentException} if it is out of bounds
     * @param wanted the values that can be set, for messages
     */
    public <V> void set(String attribute, String text, Function<String, V> reader, Consumer<V> setter, String wanted) {
        String resolved = text(text).strip();
        if (resolved.isEmpty()) {
            return;
        }
        try {
            setter.accept(reader.apply(resolved));
        } catch (IllegalArgumentException wrong) {
            reject(attribute, "'%s' cannot be used.".formatted(resolved), "Set %s.".formatted(wanted));
        }
    }

    /**
     * Read an attribute that is a duration, unless it is empty.
     *
     * @param attribute name of the attribute
     * @param text its value
     * @param setter takes the value; throws {@code IllegalArgumentException} if it is out of bounds
     */
    public void duration(String attribute, String text, Consumer<Duration> setter) {
        set(attribute, text, HandlerAttributes::withUnit, setter, "a duration with unit, as in 30s");
    }

    private static Duration withUnit(String text) {
        // A number alone would be milliseconds, which nobody should have to know.
        if (text.chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException("no unit");
        }
        return DurationStyle.detectAndParse(text);
    }

    /**
     * Report an attribute that cannot be used.
     *
     * @param attribute name of the attribute
     * @param problem one sentence
     * @param action one sentence
     */
    public void reject(String attribute, String problem, String action) {
        mistakes.add(HandlerMistakes.place(method), codes.attribute(method, attribute, problem, action));
    }
}
