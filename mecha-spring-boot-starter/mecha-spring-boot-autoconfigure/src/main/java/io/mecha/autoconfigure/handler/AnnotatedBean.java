// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A bean whose class or methods have annotations of handlers.
 *
 * @since 1.0
 */
public final class AnnotatedBean {

    private final String name;
    private final Class<?> type;
    private final Map<Class<? extends Annotation>, Annotation> onClass = new LinkedHashMap<>();
    private final Map<Class<? extends Annotation>, Map<Method, ? extends Annotation>> onMethods = new LinkedHashMap<>();

    AnnotatedBean(String name, Class<?> type) {
        this.name = name;
        this.type = type;
    }

    <A extends Annotation> void add(Class<A> annotation, Optional<A> ofClass, Map<Method, A> ofMethods) {
        ofClass.ifPresent((found) -> onClass.put(annotation, found));
        onMethods.put(annotation, ofMethods);
    }

    boolean isAnnotated() {
        return !onClass.isEmpty() || hasMethods();
    }

    /**
     * Return the name of the bean.
     *
     * @return a name in its bean factory
     */
    public String name() {
        return name;
    }

    /**
     * Return the class of the bean.
     *
     * @return the class behind proxies
     */
    public Class<?> type() {
        return type;
    }

    /**
     * Tell whether a method is annotated.
     *
     * @return whether there is any, with whichever annotation
     */
    public boolean hasMethods() {
        return onMethods.values().stream().anyMatch((methods) -> !methods.isEmpty());
    }

    /**
     * Return the annotation of the class.
     *
     * @param <A> the annotation
     * @param annotation class of the annotation
     * @return the annotation of the class, its superclasses or interfaces
     */
    public <A extends Annotation> Optional<A> onClass(Class<A> annotation) {
        return Optional.ofNullable(annotation.cast(onClass.get(annotation)));
    }

    /**
     * Return the methods with an annotation.
     *
     * @param <A> the annotation
     * @param annotation class of the annotation
     * @return annotations by method, in an order that is the same at each start
     */
    @SuppressWarnings("unchecked") // each class of annotations has been put with its own
    public <A extends Annotation> Map<Method, A> methods(Class<A> annotation) {
        return (Map<Method, A>) onMethods.getOrDefault(annotation, Map.of());
    }
}
