// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer;
import org.springframework.core.env.Environment;

/**
 * The check whether meters are all that is made of observations, so that calls may be measured without any.
 *
 * <p>They are where Spring Boot made the registry of observations, nothing but its own handler of meters listens to it, and nothing
 * changes names, tags or what is observed. A tracer listens with a handler of its own.
 */
public final class MetersAlone {

    private static final String BOOT = "org.springframework.boot.";
    private static final List<Class<?>> CHANGING = List.of(
            ObservationPredicate.class,
            ObservationFilter.class,
            GlobalObservationConvention.class,
            ObservationRegistryCustomizer.class);

    private MetersAlone() {}

    /**
     * Return the registry of meters if nothing else looks at observations.
     *
     * @param beans the beans of the application
     * @param environment its properties
     * @return the registry; empty where observations are needed, or nobody measures
     */
    public static Optional<MeterRegistry> registry(ConfigurableListableBeanFactory beans, Environment environment) {
        List<?> handlers =
                beans.getBeanProvider(ObservationHandler.class).stream().toList();
        boolean alone = isMadeByBoot(beans)
                && handlers.size() == 1
                && handlers.get(0).getClass() == DefaultMeterObservationHandler.class
                && CHANGING.stream()
                        .flatMap((type) -> beans.getBeanProvider(type).stream())
                        .allMatch((bean) -> bean.getClass().getName().startsWith(BOOT))
                && !isConfigured(Binder.get(environment));
        return alone
                ? Optional.ofNullable(beans.getBeanProvider(MeterRegistry.class).getIfUnique())
                : Optional.empty();
    }

    /** One that the application makes may have handlers that are no beans. */
    private static boolean isMadeByBoot(ConfigurableListableBeanFactory beans) {
        String[] names = beans.getBeanNamesForType(ObservationRegistry.class);
        if (names.length != 1 || !beans.containsBeanDefinition(names[0])) {
            return false;
        }
        beans.getBean(names[0]); // resolves the method
        Method method = beans.getMergedBeanDefinition(names[0]) instanceof RootBeanDefinition definition
                ? definition.getResolvedFactoryMethod()
                : null;
        return method != null && method.getDeclaringClass().getName().startsWith(BOOT);
    }

    private static boolean isConfigured(Binder binder) {
        Bindable<?> map = Bindable.mapOf(String.class, String.class);
        return binder.bind("management.observations.enable", map).isBound()
                || binder.bind("management.observations.key-values", map).isBound()
                || binder.bind("management.metrics.observations.ignored-meters", Bindable.listOf(String.class))
                        .isBound();
    }
}
