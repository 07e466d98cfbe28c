// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.TargetClassAware;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/** Finds the methods of beans that handle messages: on their classes, superclasses and interfaces, and behind proxies. */
final class HandlerScanner {

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

    /** Looks at all beans, without creating any. */
    static List<Found> scan(ConfigurableListableBeanFactory beans) {
        List<Found> all = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type = ScopedProxyUtils.isScopedTarget(name) ? null : type(beans, name);
            if (type == null || !AnnotationUtils.isCandidateClass(type, ANNOTATIONS) || isOfSpring(type)) {
                continue;
            }
            Found found = new Found(
                    name,
                    type,
                    annotation(MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY), Binding.class),
                    methods(type, Binding.class),
                    methods(type, BindingFallback.class));
            if (!found.handlers.isEmpty() || !found.fallbacks.isEmpty()) {
                all.add(found);
            }
        }
        return all;
    }

    private static @Nullable Class<?> type(ConfigurableListableBeanFactory beans, String name) {
        try {
            Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
            // Whoever made the proxy may not have noted its target; the proxy itself knows.
            return type != null
                            && Proxy.isProxyClass(type)
                            && beans.getSingleton(name) instanceof TargetClassAware proxy
                    ? AopProxyUtils.ultimateTargetClass(proxy)
                    : type;
        } catch (LinkageError
                | RuntimeException unknown) { // allow CatchException: a bean nobody can look at has no handlers
            return null;
        }
    }

    private static boolean isOfSpring(Class<?> type) {
        return type.getName().startsWith("org.springframework.");
    }

    private static <A extends Annotation> Map<Method, A> methods(Class<?> type, Class<A> annotation) {
        Map<Method, A> found = new LinkedHashMap<>();
        MethodIntrospector.<A>selectMethods(type, (Method method) -> {
                    MergedAnnotations annotations = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
                    // On a setter for injection, the annotation means what is injected.
                    return isInjected(annotations) ? null : annotation(annotations, annotation);
                })
                .entrySet()
                .stream()
                .sorted((one, other) -> order(one.getKey()).compareTo(order(other.getKey())))
                .forEach((entry) -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    private static String order(Method method) {
        return method.toGenericString();
    }

    private static boolean isInjected(MergedAnnotations annotations) {
        return annotations.isPresent(Autowired.class)
                || annotations.isPresent("jakarta.inject.Inject"); // allow ClassName: optional at run time
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
