// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.BridgeMethodResolver;

/**
 * A method of a singleton, where it can be called through the proxies of the bean.
 *
 * @since 1.0
 */
public final class BeanMethod {

    private final HandlerMistakes codes;
    private final Object bean;
    private final Class<?> owner;
    private final Method declared;
    private final Method invocable;

    private BeanMethod(HandlerMistakes codes, Object bean, Class<?> owner, Method declared) {
        this.codes = codes;
        this.bean = bean;
        this.owner = owner;
        this.declared = declared;
        this.invocable = invocable(codes, bean, declared);
    }

    /**
     * Create the bean and find its method.
     *
     * @param codes codes of mistakes
     * @param beans factory of the bean
     * @param found the bean
     * @param method one of its annotated methods
     * @return the method of the bean
     * @throws io.mecha.InvalidConfigurationException if it cannot be called
     */
    public static BeanMethod of(
            HandlerMistakes codes, ConfigurableListableBeanFactory beans, AnnotatedBean found, Method method) {
        if (!beans.isSingleton(found.name())) {
            throw codes.signature(
                    method,
                    "Its bean '%s' is not a singleton.".formatted(found.name()),
                    "Put the method into a singleton.");
        }
        return new BeanMethod(codes, beans.getBean(found.name()), found.type(), method);
    }

    /**
     * Return the method with its annotation and its types.
     *
     * @return a method of the class behind proxies
     */
    public Method declared() {
        return declared;
    }

    /**
     * Return the class of the bean, which says what type variables stand for.
     *
     * @return the class behind proxies
     */
    public Class<?> owner() {
        return owner;
    }

    /**
     * Tell whether a call returns before the method has run, as with {@code @Async}.
     *
     * @return whether a proxy runs it on another thread
     */
    public boolean runsElsewhere() {
        return AsyncMethods.runsElsewhere(bean, owner, declared);
    }

    /**
     * Make an invoker.
     *
     * @param readers a reader for each parameter, in order
     * @return calls the method on the bean
     * @throws io.mecha.InvalidConfigurationException if its module does not open it
     */
    public HandlerInvoker invoker(List<ParameterReader> readers) {
        return new HandlerInvoker(codes, bean, invocable, readers);
    }

    private static Method invocable(HandlerMistakes codes, Object bean, Method method) {
        if (Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())) {
            throw codes.signature(
                    method,
                    "It is %s.".formatted(Modifier.isStatic(method.getModifiers()) ? "static" : "private"),
                    "Make it an instance method that is not private.");
        }
        if (AopUtils.isCglibProxy(bean) && Modifier.isFinal(method.getModifiers())) {
            throw codes.signature(
                    method, "It is final, and its bean is behind a proxy that cannot see it.", "Make it not final.");
        }
        return Stream.concat(Stream.of(method), bridges(method))
                .flatMap((candidate) -> selected(bean, candidate))
                .findFirst()
                .orElseThrow(() -> codes.signature(
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
