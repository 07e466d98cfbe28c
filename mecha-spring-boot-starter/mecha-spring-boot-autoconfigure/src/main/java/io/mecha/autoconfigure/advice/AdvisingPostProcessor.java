// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.advice;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.BeanClasses;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * A processor of beans that puts advice around their methods with an annotation, outside of what other proxies do: a transaction of
 * the method begins and ends within it.
 *
 * <p>The advice of a method is made when its bean is, so what is wrong with an annotation shows at start: mistakes of all singletons
 * together when all are there, those of a bean that is made later with that bean.
 *
 * @param <A> the annotation
 * @since 1.0
 */
@SuppressWarnings("serial") // Spring's own base class says so; no processor is ever written
public final class AdvisingPostProcessor<A extends Annotation> extends AbstractBeanFactoryAwareAdvisingPostProcessor
        implements SmartInitializingSingleton {

    private final Class<A> annotation;
    private final HandlerMistakes codes;
    private final Function<AdvisedMethod<A>, @Nullable MethodInterceptor> advice;
    private final ConcurrentMap<Class<?>, Map<Method, MethodInterceptor>> advised = new ConcurrentHashMap<>();
    private @Nullable MistakeCollector mistakes = new MistakeCollector();

    /**
     * Make a processor.
     *
     * @param annotation the annotation, on methods or on classes for all public methods
     * @param codes codes of mistakes
     * @param advice makes the advice of a method, or {@code null} to leave the method alone; may throw {@code
     *     InvalidConfigurationException}, and gets beans when it is called first at the earliest
     * @param order position among other processors; of two, the advice of the later one is outside
     * @param proxyTargetClass whether a bean with interfaces gets a proxy of its class
     */
    public AdvisingPostProcessor(
            Class<A> annotation,
            HandlerMistakes codes,
            Function<AdvisedMethod<A>, @Nullable MethodInterceptor> advice,
            int order,
            boolean proxyTargetClass) {
        this.annotation = annotation;
        this.codes = codes;
        this.advice = advice;
        this.advisor = new Around();
        setBeforeExistingAdvisors(true);
        setOrder(order);
        setProxyTargetClass(proxyTargetClass);
    }

    @Override
    protected boolean isEligible(Class<?> targetClass) {
        return !methods(targetClass).isEmpty();
    }

    private Map<Method, MethodInterceptor> methods(Class<?> type) {
        Map<Method, MethodInterceptor> known = advised.get(type);
        if (known == null) {
            known = read(type);
            advised.put(type, known);
        }
        return known;
    }

    private Map<Method, MethodInterceptor> read(Class<?> type) {
        if (!BeanClasses.mayBeAnnotated(type) || !AnnotationUtils.isCandidateClass(type, annotation)) {
            return Map.of();
        }
        A ofClass = AnnotatedElementUtils.findMergedAnnotation(type, annotation);
        Map<Method, A> found = MethodIntrospector.selectMethods(type, (Method method) -> {
            A ofMethod = AnnotatedElementUtils.findMergedAnnotation(method, annotation);
            return ofMethod != null || !isBusiness(method) ? ofMethod : ofClass;
        });
        Map<Method, MethodInterceptor> all = new LinkedHashMap<>();
        found.forEach((method, attributes) -> {
            try {
                MethodInterceptor made = advice.apply(new AdvisedMethod<>(type, method, attributes));
                if (made != null) {
                    check(type, method);
                    all.put(method, made);
                }
            } catch (InvalidConfigurationException wrong) {
                report(HandlerMistakes.place(method), wrong);
            }
        });
        return Map.copyOf(all);
    }

    private static boolean isBusiness(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !Modifier.isStatic(method.getModifiers())
                && method.getDeclaringClass() != Object.class
                && !method.isSynthetic();
    }

    private void check(Class<?> type, Method method) {
        int modifiers = method.getModifiers();
        if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
            throw codes.signature(
                    method,
                    "It is private, static or final, so no call of it can be seen.",
                    "Make it an instance method that is neither.");
        }
        if (Modifier.isFinal(type.getModifiers()) && (isProxyTargetClass() || type.getInterfaces().length == 0)) {
            throw codes.signature(
                    method, "Its class is final, so no call of it can be seen.", "Make the class not final.");
        }
    }

    private synchronized void report(String place, InvalidConfigurationException wrong) {
        if (mistakes == null) {
            throw wrong;
        }
        mistakes.add(place, wrong);
    }

    /** Report the mistakes that were found until now. */
    @Override
    public void afterSingletonsInstantiated() {
        MistakeCollector all;
        synchronized (this) {
            all = mistakes;
            mistakes = null;
        }
        if (all != null) {
            all.throwIfAny();
        }
    }

    /** The advice of each method, found by the method that is called. */
    private final class Around extends StaticMethodMatcherPointcutAdvisor {

        Around() {
            setAdvice((MethodInterceptor) (call) -> {
                Class<?> type = call.getThis() == null
                        ? call.getMethod().getDeclaringClass()
                        : AopUtils.getTargetClass(call.getThis());
                MethodInterceptor found = find(call.getMethod(), type);
                return found == null ? call.proceed() : found.invoke(call);
            });
        }

        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            return find(method, targetClass) != null;
        }

        private @Nullable MethodInterceptor find(Method method, Class<?> type) {
            return methods(type).get(AopUtils.getMostSpecificMethod(method, type));
        }
    }
}
