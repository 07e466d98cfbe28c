// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;

/**
 * A registrar of the methods with one annotation; a bean, which gets all of them when the singletons are there.
 *
 * @param <A> the annotation
 * @since 1.0
 */
public interface MethodRegistrar<A extends Annotation> {

    /**
     * Return the annotation.
     *
     * @return class of the annotation
     */
    Class<A> annotation();

    /**
     * Take a method.
     *
     * @param bean the bean
     * @param method its method
     * @param annotation the annotation of the method
     * @param mistakes takes what is wrong with it
     * @throws io.mecha.InvalidConfigurationException if it cannot be called
     */
    void register(AnnotatedBean bean, Method method, A annotation, MistakeCollector mistakes);

    /**
     * Look at what was taken, after all methods of all registrars.
     *
     * @param mistakes takes what is wrong
     */
    void complete(MistakeCollector mistakes);
}
