// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import io.mecha.MechaException;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.injection.InjectionPlace;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/**
 * A scanner for annotated methods of beans: on their classes, superclasses and interfaces, and behind proxies.
 *
 * @since 1.0
 */
public final class HandlerScanner {

    private static final Logger logger = LoggerFactory.getLogger(HandlerScanner.class);

    private final HandlerMistakes codes;
    private final List<Class<? extends Annotation>> annotations;

    /**
     * Make a scanner.
     *
     * @param codes codes of mistakes
     * @param annotations the annotations of one primitive; messages name the first
     */
    public HandlerScanner(HandlerMistakes codes, List<Class<? extends Annotation>> annotations) {
        this.codes = codes;
        this.annotations = List.copyOf(annotations);
    }

    /**
     * Look at all beans.
     *
     * @param beans the beans
     * @param mistakes takes what is wrong with their classes
     * @return the beans that have one of the annotations, on their class or on methods
     */
    public List<AnnotatedBean> scan(BeanClasses beans, MistakeCollector mistakes) {
        List<AnnotatedBean> all = new ArrayList<>();
        for (String name : beans.names()) {
            try {
                Class<?> type = beans.type(name);
                if (type != null && AnnotationUtils.isCandidateClass(type, annotations)) {
                    AnnotatedBean bean = read(name, type);
                    if (bean.isAnnotated()) {
                        all.add(bean);
                    }
                }
            } catch (MechaException wrong) {
                mistakes.add(name, wrong);
            } catch (BeanCreationException failed) {
                throw failed;
            } catch (LinkageError | BeansException | IllegalStateException unknown) {
                logger.warn(
                        "Bean '{}' cannot be searched for methods with @{}; if it has any, they are never called: {}",
                        name,
                        annotations.get(0).getSimpleName(),
                        NestedExceptionUtils.getMostSpecificCause(unknown).toString());
            }
        }
        return all;
    }

    private AnnotatedBean read(String name, Class<?> type) {
        AnnotatedBean bean = new AnnotatedBean(name, type);
        MergedAnnotations ofClass = MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY);
        annotations.forEach((annotation) -> read(bean, ofClass, annotation));
        return bean;
    }

    private <A extends Annotation> void read(AnnotatedBean bean, MergedAnnotations ofClass, Class<A> annotation) {
        bean.add(annotation, find(ofClass, annotation), methods(bean.type(), annotation));
    }

    private <A extends Annotation> Map<Method, A> methods(Class<?> type, Class<A> annotation) {
        Map<Method, A> all = new LinkedHashMap<>();
        MethodIntrospector.<A>selectMethods(type, (Method method) -> onMethod(method, annotation)).entrySet().stream()
                .sorted((one, other) -> order(one.getKey()).compareTo(order(other.getKey())))
                .forEach((entry) -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    private <A extends Annotation> @Nullable A onMethod(Method method, Class<A> annotation) {
        Optional<A> found = find(MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY), annotation);
        if (found.isEmpty() && method.isAnnotationPresent(annotation)) {
            throw codes.signature(
                    method,
                    "Its annotation names a class that is missing.",
                    "Add the library that has the class, or do not name it.");
        }
        // On a setter for injection, the annotation means what is injected.
        return found.isPresent() && InjectionPlace.isInjected(method) ? null : found.orElse(null);
    }

    private static String order(Method method) {
        return method.toGenericString();
    }

    private static <A extends Annotation> Optional<A> find(MergedAnnotations annotations, Class<A> type) {
        MergedAnnotation<A> found = annotations.get(type);
        return found.isPresent() ? Optional.of(found.synthesize()) : Optional.empty();
    }
}
