// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.autoconfigure.handler.BeanMethod;
import io.mecha.autoconfigure.handler.HandlerInvoker;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.autoconfigure.handler.MethodRegistrar;
import io.mecha.autoconfigure.handler.ParameterReader;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.OnConfigurationChange;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.mecha.lifecycle.configuration.ReloadFollower;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** The registration of all methods with {@code @OnConfigurationChange}. */
final class ConfigurationListeners implements MethodRegistrar<OnConfigurationChange> {

    private static final Logger logger = LoggerFactory.getLogger(ConfigurationListeners.class);
    static final HandlerMistakes CODES = new HandlerMistakes("MECHA-L104", "MECHA-L104", "MECHA-L104");

    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<ConfigurationReloader> reloader;
    private final ObjectProvider<ReloadFollower> followers;
    private @Nullable Class<?> unheard;

    ConfigurationListeners(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<ConfigurationReloader> reloader,
            ObjectProvider<ReloadFollower> followers) {
        this.beans = beans;
        this.reloader = reloader;
        this.followers = followers;
    }

    @Override
    public Class<OnConfigurationChange> annotation() {
        return OnConfigurationChange.class;
    }

    @Override
    public void register(
            AnnotatedBean bean, Method method, OnConfigurationChange annotation, MistakeCollector mistakes) {
        check(method);
        HandlerInvoker invoker = BeanMethod.of(CODES, beans, bean, method)
                .invoker(method.getParameterCount() == 0 ? List.of() : List.of(change()));
        ConfigurationReloader target = reloader.getIfAvailable();
        if (target == null) {
            unheard = bean.type();
            return;
        }
        List<String> prefixes = List.of(annotation.value());
        target.listen(HandlerMistakes.place(method), (change) -> tell(invoker, prefixes, change));
    }

    @Override
    public void complete(MistakeCollector mistakes) {
        reloader.ifAvailable((target) -> followers.orderedStream().forEach(target::follow));
        if (unheard != null) {
            logger.warn(
                    "Methods with @OnConfigurationChange, as in {}, are never called: no configuration is watched. Set {}.",
                    unheard.getName(),
                    LifecycleProperties.WATCH);
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
