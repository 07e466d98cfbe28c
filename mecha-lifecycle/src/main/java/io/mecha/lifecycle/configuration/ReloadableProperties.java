// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.Reloadable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.BindMethod;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * All objects with {@code @ConfigurationProperties} that are replaced when the configuration changes, as one value that is swapped as a
 * whole.
 */
public final class ReloadableProperties {

    /** What Spring puts before the name of a bean behind a proxy of its scope. */
    private static final String SCOPED = "scopedTarget.";

    private final ConfigurableApplicationContext context;
    private final PropertiesBinding binding;
    private final List<Entry> entries = new ArrayList<>();
    private volatile List<Object> values = List.of();
    private volatile int changes;

    private record Entry(Bindable<?> target, ConfigurationProperties annotation) {}

    /** Objects that are bound to a new configuration and not in force yet. */
    record Bound(List<Object> values) {}

    /**
     * Begin without any.
     *
     * @param context the application
     */
    public ReloadableProperties(ConfigurableApplicationContext context) {
        this.context = context;
        this.binding = new PropertiesBinding(context);
    }

    /**
     * Return properties that follow the configuration.
     *
     * @param type a type with {@code @ConfigurationProperties}
     * @param place where they are wanted, for messages
     * @return bound and validated; the same objects for the same type
     * @throws InvalidConfigurationException if the type has no such annotation
     * @throws RuntimeException if a value does not fit, or is not valid
     */
    public Reloadable<?> of(ResolvableType type, String place) {
        ConfigurationProperties annotation =
                AnnotatedElementUtils.getMergedAnnotation(type.toClass(), ConfigurationProperties.class);
        if (annotation == null) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-L102",
                    place,
                    "Reloadable<%s> needs a class with @ConfigurationProperties.".formatted(type),
                    "Put @ConfigurationProperties with a prefix on the class, or name one that has it.")));
        }
        Entry entry = new Entry(Bindable.of(type), annotation);
        int index;
        do {
            int seen = changes;
            index = add(entry, binding.bind(entry.target(), annotation, context.getEnvironment()), seen);
        } while (index < 0);
        return at(index);
    }

    /** Adds an object unless there is one of its type; negative if the configuration changed since it was bound. */
    private synchronized int add(Entry entry, Object value, int seen) {
        for (int index = 0; index < entries.size(); index++) {
            if (entries.get(index).target().getType().equals(entry.target().getType())) {
                return index;
            }
        }
        if (seen != changes) {
            return -1;
        }
        List<Object> more = new ArrayList<>(values);
        more.add(value);
        entries.add(entry);
        values = List.copyOf(more);
        return more.size() - 1;
    }

    private Reloadable<?> at(int index) {
        return () -> values.get(index);
    }

    /**
     * Binds all objects that a change touches to a new configuration, and on trial whatever else has {@code @ConfigurationProperties}.
     *
     * @throws RuntimeException if a value does not fit, or is not valid
     */
    Bound bind(ConfigurableEnvironment environment, ConfigurationChange change) {
        List<Entry> known = known();
        List<Object> bound = new ArrayList<>(values.subList(0, known.size()));
        for (int index = 0; index < bound.size(); index++) {
            Entry entry = known.get(index);
            if (change.touches(entry.annotation().prefix())) {
                bound.set(index, binding.bind(entry.target(), entry.annotation(), environment));
            }
        }
        for (ConfigurationPropertiesBean bean : singletons()) {
            Bindable<?> target = bean.asBindTarget();
            if (change.touches(bean.getAnnotation().prefix()) && isMadeForTrial(bean.getName(), target)) {
                Object unused = binding.bind(
                        Bindable.of(target.getType()).withBindMethod(target.getBindMethod()),
                        bean.getAnnotation(),
                        environment);
            }
        }
        return new Bound(List.copyOf(bound));
    }

    /** Returns what is bound once; what belongs to a request, for example, is bound when that begins. */
    private List<ConfigurationPropertiesBean> singletons() {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        List<ConfigurationPropertiesBean> found = new ArrayList<>();
        for (String name : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            if (beans.isSingleton(name) && !beans.containsBeanDefinition(SCOPED + name)) {
                ConfigurationPropertiesBean bean = ConfigurationPropertiesBean.get(context, beans.getBean(name), name);
                if (bean != null) {
                    found.add(bean);
                }
            }
        }
        return found;
    }

    /**
     * Tells whether an object may be made for a trial: what a method makes of another's class may open files and connections, and what a
     * method or a constructor with other beans makes is not the same without them.
     */
    private boolean isMadeForTrial(String name, Bindable<?> target) {
        Class<?> type = target.getType().toClass();
        boolean alone = target.getBindMethod() != BindMethod.JAVA_BEAN
                || (!type.isRecord() && hasDefaultConstructor(type) && !isMadeByMethod(name));
        return AnnotatedElementUtils.hasAnnotation(type, ConfigurationProperties.class) && alone;
    }

    private static boolean hasDefaultConstructor(Class<?> type) {
        return Arrays.stream(type.getDeclaredConstructors()).anyMatch(made -> made.getParameterCount() == 0);
    }

    private boolean isMadeByMethod(String name) {
        ConfigurableListableBeanFactory beans = context.getBeanFactory();
        return beans.containsBeanDefinition(name)
                && beans.getMergedBeanDefinition(name).getFactoryMethodName() != null;
    }

    private synchronized List<Entry> known() {
        return List.copyOf(entries);
    }

    /**
     * Puts objects into force, all at once, after the environment has changed.
     *
     * @param environment changes the environment
     * @return {@code false} if another type has come since they were bound, so that nothing was changed
     */
    synchronized boolean apply(Bound bound, Runnable environment) {
        if (bound.values().size() != entries.size()) {
            return false;
        }
        changes++; // what is being bound now may have seen either environment
        environment.run();
        values = bound.values();
        return true;
    }
}
