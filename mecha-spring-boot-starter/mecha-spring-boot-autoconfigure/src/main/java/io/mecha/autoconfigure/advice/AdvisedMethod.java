// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.advice;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Objects;

/**
 * A method of a bean with an annotation that puts advice around its calls.
 *
 * @param <A> the annotation
 * @param owner class of the bean, behind proxies
 * @param method the method of that class
 * @param annotation what is written on the method, or else on the class
 * @since 1.0
 */
public record AdvisedMethod<A extends Annotation>(Class<?> owner, Method method, A annotation) {

    public AdvisedMethod {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(annotation, "annotation");
    }
}
