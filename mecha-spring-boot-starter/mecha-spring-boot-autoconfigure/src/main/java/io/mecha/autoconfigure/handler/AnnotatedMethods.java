// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * A search for annotated methods on behalf of all registrars: beans are looked at once, and all mistakes are reported together.
 *
 * @since 1.0
 */
public final class AnnotatedMethods implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final HandlerMistakes codes;
    private final ObjectProvider<MethodRegistrar<?>> registrars;

    /**
     * Prepare the search.
     *
     * @param beans the beans
     * @param codes codes of mistakes in classes
     * @param registrars who gets the methods, in order
     */
    public AnnotatedMethods(
            ConfigurableListableBeanFactory beans,
            HandlerMistakes codes,
            ObjectProvider<MethodRegistrar<?>> registrars) {
        this.beans = beans;
        this.codes = codes;
        this.registrars = registrars;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<MethodRegistrar<?>> all = registrars.orderedStream().toList();
        List<Class<? extends Annotation>> annotations = new ArrayList<>();
        all.forEach((registrar) -> annotations.add(registrar.annotation()));
        MistakeCollector mistakes = new MistakeCollector();
        List<AnnotatedBean> found = new HandlerScanner(codes, annotations).scan(new BeanClasses(beans, true), mistakes);
        all.forEach((registrar) -> found.forEach((bean) -> register(registrar, bean, mistakes)));
        all.forEach((registrar) -> registrar.complete(mistakes));
        mistakes.throwIfAny();
    }

    private static <A extends Annotation> void register(
            MethodRegistrar<A> registrar, AnnotatedBean bean, MistakeCollector mistakes) {
        for (Map.Entry<Method, A> method : bean.methods(registrar.annotation()).entrySet()) {
            try {
                registrar.register(bean, method.getKey(), method.getValue(), mistakes);
            } catch (InvalidConfigurationException wrong) {
                mistakes.add(HandlerMistakes.place(method.getKey()), wrong);
            }
        }
    }
}
