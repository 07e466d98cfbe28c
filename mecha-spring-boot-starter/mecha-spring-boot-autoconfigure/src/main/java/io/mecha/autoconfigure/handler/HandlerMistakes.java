// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.injection.InjectionPlace;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The mistakes that the annotated methods of a primitive can have, each with the code of that primitive.
 *
 * @param signatureCode code of a method that cannot be called
 * @param attributeCode code of an attribute of the annotation that cannot be used
 * @param placeholderCode code of a placeholder that cannot be resolved
 * @since 1.0
 */
public record HandlerMistakes(String signatureCode, String attributeCode, String placeholderCode) {

    public HandlerMistakes {
        Objects.requireNonNull(signatureCode, "signatureCode");
        Objects.requireNonNull(attributeCode, "attributeCode");
        Objects.requireNonNull(placeholderCode, "placeholderCode");
    }

    /**
     * Describe where a method is.
     *
     * @param method an annotated method
     * @return words for messages
     */
    public static String place(Method method) {
        return "method '%s(%s)' of %s"
                .formatted(
                        method.getName(),
                        Arrays.stream(method.getParameterTypes())
                                .map(Class::getSimpleName)
                                .collect(Collectors.joining(", ")),
                        method.getDeclaringClass().getName());
    }

    /**
     * Make the exception for a method that cannot be called.
     *
     * @param method the method
     * @param problem one sentence
     * @param action one sentence
     * @return the exception, to be thrown or collected
     */
    public InvalidConfigurationException signature(Method method, String problem, String action) {
        return new InvalidConfigurationException(List.of(new Mistake(signatureCode, place(method), problem, action)));
    }

    /**
     * Make the exception for an attribute that cannot be used.
     *
     * @param method the method with the annotation
     * @param attribute name of the attribute
     * @param problem one sentence
     * @param action one sentence
     * @return the exception, to be thrown or collected
     */
    public InvalidConfigurationException attribute(Method method, String attribute, String problem, String action) {
        return new InvalidConfigurationException(
                List.of(new Mistake(attributeCode, "%s of %s".formatted(attribute, place(method)), problem, action)));
    }

    /**
     * Describe a placeholder that cannot be resolved.
     *
     * @param method the method with the annotation
     * @param text the text that has it
     * @return the mistake
     */
    public Mistake placeholder(Method method, String text) {
        return InjectionPlace.placeholder(placeholderCode, place(method), text);
    }
}
