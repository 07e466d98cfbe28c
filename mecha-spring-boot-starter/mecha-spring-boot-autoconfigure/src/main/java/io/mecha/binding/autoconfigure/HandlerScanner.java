// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.MechaException;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** A scanner for methods of beans that handle messages: on their classes, superclasses and interfaces, and behind proxies. */
final class HandlerScanner {

    private static final Logger logger = LoggerFactory.getLogger(HandlerScanner.class);
    private static final Set<Class<? extends Annotation>> ANNOTATIONS = Set.of(Binding.class, BindingFallback.class);

    private HandlerScanner() {}

    /**
     * A bean with such methods.
     *
     * @param name name of the bean
     * @param type its class, behind proxies
     * @param onClass the annotation of the class
     * @param handlers annotated methods
     * @param fallbacks annotated methods
     */
    record Found(
            String name,
            Class<?> type,
            @Nullable Binding onClass,
            Map<Method, Binding> handlers,
            Map<Method, BindingFallback> fallbacks) {}

    /**
     * Looks at all beans.
     *
     * @param mistakes takes what is wrong with their classes
     */
    static List<Found> scan(BeanClasses beans, MistakeCollector mistakes) {
        List<Found> all = new ArrayList<>();
        for (String name : beans.names()) {
            try {
                Class<?> type = beans.type(name);
                if (type != null && AnnotationUtils.isCandidateClass(type, ANNOTATIONS)) {
                    add(found(name, type), all, mistakes);
                }
            } catch (MechaException wrong) {
                mistakes.add(name, wrong);
            } catch (BeanCreationException failed) {
                throw failed;
            } catch (LinkageError | BeansException | IllegalStateException unknown) {
                logger.warn(
                        "Bean '{}' cannot be searched for methods with @Binding; if it has any, they receive nothing: {}",
                        name,
                        NestedExceptionUtils.getMostSpecificCause(unknown).toString());
            }
        }
        return all;
    }

    private static void add(Found found, List<Found> all, MistakeCollector mistakes) {
        if (!found.handlers.isEmpty() || !found.fallbacks.isEmpty()) {
            all.add(found);
        } else if (found.onClass != null) {
            mistakes.add(HandlerMistakes.noMethods(found.type, found.onClass.value()));
        }
    }

    private static Found found(String name, Class<?> type) {
        return new Found(
                name,
                type,
                annotation(MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY), Binding.class),
                methods(type, Binding.class),
                methods(type, BindingFallback.class));
    }

    private static <A extends Annotation> Map<Method, A> methods(Class<?> type, Class<A> annotation) {
        Map<Method, A> all = new LinkedHashMap<>();
        MethodIntrospector.<A>selectMethods(type, (Method method) -> {
                    MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
                    A found = annotation(annotations, annotation);
                    // On a setter for injection, the annotation means what is injected.
                    if (found != null && InjectionPlace.isInjected(method)) {
                        return null;
                    }
                    if (found == null && method.isAnnotationPresent(annotation)) {
                        throw HandlerMistakes.signature(
                                method,
                                "Its annotation names a class that is missing.",
                                "Add the library that has the class, or do not name it.");
                    }
                    return found;
                })
                .entrySet()
                .stream()
                .sorted((one, other) -> order(one.getKey()).compareTo(order(other.getKey())))
                .forEach((entry) -> all.put(entry.getKey(), entry.getValue()));
        return all;
    }

    private static String order(Method method) {
        return method.toGenericString();
    }

    private static <A extends Annotation> @Nullable A annotation(MergedAnnotations annotations, Class<A> type) {
        MergedAnnotation<A> found = annotations.get(type);
        return found.isPresent() ? found.synthesize() : null;
    }

    /**
     * Finds the method where it can be called on a bean.
     *
     * @throws io.mecha.InvalidConfigurationException if it cannot
     */
    static Method invocable(Object bean, Method method) {
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            throw HandlerMistakes.signature(
                    method,
                    "It is %s.".formatted(Modifier.isStatic(method.getModifiers()) ? "static" : "private"),
                    "Make it an instance method that is not private.");
        }
        if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
            throw HandlerMistakes.signature(
                    method, "It is final, and its bean is behind a proxy that cannot see it.", "Make it not final.");
        }
        return Stream.concat(Stream.of(method), bridges(method))
                .flatMap((candidate) -> selected(bean, candidate))
                .findFirst()
                .orElseThrow(() -> HandlerMistakes.signature(
                        method,
                        "Its bean is behind a proxy of its interfaces, none of which has the method.",
                        "Put the method into an interface, or set spring.aop.proxy-target-class to true."));
    }

    /** Returns the methods that stand for it in generic interfaces. */
    private static Stream<Method> bridges(Method method) {
        return Arrays.stream(method.getDeclaringClass().getMethods())
                .filter(Method::isBridge)
                .filter((bridge) ->
                        BridgeMethodResolver.findBridgedMethod(bridge).equals(method));
    }

    private static Stream<Method> selected(Object bean, Method method) {
        try {
            return Stream.of(AopUtils.selectInvocableMethod(method, bean.getClass()));
        } catch (IllegalStateException hidden) {
            return Stream.empty();
        }
    }
}
