// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.autoconfigure.handler.BeanClasses;
import io.mecha.autoconfigure.handler.BeanMethod;
import io.mecha.autoconfigure.handler.HandlerInvoker;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.autoconfigure.handler.HandlerScanner;
import io.mecha.autoconfigure.handler.ParameterReader;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.OnConfigurationChange;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The registration of all methods with {@code @OnConfigurationChange}. */
final class ConfigurationListeners implements SmartInitializingSingleton {

    private static final Logger logger = LoggerFactory.getLogger(ConfigurationListeners.class);
    private static final HandlerMistakes CODES = new HandlerMistakes("MECHA-L104", "MECHA-L104", "MECHA-L104");

    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<ConfigurationReloader> reloader;

    ConfigurationListeners(ConfigurableListableBeanFactory beans, ObjectProvider<ConfigurationReloader> reloader) {
        this.beans = beans;
        this.reloader = reloader;
    }

    @Override
    public void afterSingletonsInstantiated() {
        MistakeCollector mistakes = new MistakeCollector();
        List<AnnotatedBean> found = new HandlerScanner(CODES, List.of(OnConfigurationChange.class))
                .scan(new BeanClasses(beans, true), mistakes);
        ConfigurationReloader target = reloader.getIfAvailable();
        for (AnnotatedBean bean : found) {
            for (Map.Entry<Method, OnConfigurationChange> method :
                    bean.methods(OnConfigurationChange.class).entrySet()) {
                register(bean, method.getKey(), method.getValue(), target, mistakes);
            }
        }
        mistakes.throwIfAny();
        if (!found.isEmpty() && target == null) {
            logger.warn(
                    "Methods with @OnConfigurationChange, as in {}, are never called: no configuration is watched. Set {}.",
                    found.get(0).type().getName(),
                    LifecycleProperties.WATCH);
        }
    }

    private void register(
            AnnotatedBean bean,
            Method method,
            OnConfigurationChange annotation,
            @Nullable ConfigurationReloader target,
            MistakeCollector mistakes) {
        String place = HandlerMistakes.place(method);
        try {
            check(method);
            HandlerInvoker invoker = BeanMethod.of(CODES, beans, bean, method)
                    .invoker(method.getParameterCount() == 0 ? List.of() : List.of(change()));
            if (target != null) {
                List<String> prefixes = List.of(annotation.value());
                target.listen(place, (change) -> tell(invoker, prefixes, change));
            }
        } catch (InvalidConfigurationException wrong) {
            mistakes.add(place, wrong);
        }
    }

    private static void check(Method method) {
        boolean nothingReturned = method.getReturnType() == void.class;
        boolean onlyTheChange = Arrays.stream(method.getParameterTypes()).allMatch(ConfigurationChange.class::equals)
                && method.getParameterCount() <= 1;
        if (!nothingReturned || !onlyTheChange) {
            throw CODES.signature(
                    method,
                    "It does not take nothing or a ConfigurationChange, or it returns something.",
                    "Write void %s(ConfigurationChange change) or void %s()."
                            .formatted(method.getName(), method.getName()));
        }
    }

    private static ParameterReader change() {
        return (change, nothing) -> Objects.requireNonNull(change);
    }

    private static void tell(HandlerInvoker invoker, List<String> prefixes, ConfigurationChange change) {
        if (prefixes.isEmpty() || prefixes.stream().anyMatch(change::touches)) {
            try {
                Object unused = invoker.call(change, null);
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception checked) { // allow CatchException: the reloader says what it was
                throw new UndeclaredThrowableException(checked);
            }
        }
    }
}
