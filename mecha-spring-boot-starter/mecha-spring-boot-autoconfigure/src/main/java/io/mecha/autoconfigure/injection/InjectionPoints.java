// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.injection;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DependencyDescriptor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.MethodParameter;
import org.springframework.util.ClassUtils;

/**
 * All injection points that have an annotation, found in the classes of all beans.
 *
 * <p>Touches every class but those of infrastructure, which want nothing of ours.
 *
 * @since 1.0
 */
public final class InjectionPoints {

    private final Class<? extends Annotation> annotation;
    private final List<DependencyDescriptor> found = new ArrayList<>();

    private InjectionPoints(Class<? extends Annotation> annotation) {
        this.annotation = annotation;
    }

    /**
     * Find the injection points of all beans.
     *
     * @param beans the beans; none is created
     * @param annotation what the injection points have
     * @return the injection points, with {@code ObjectProvider} and the like taken off
     */
    public static Collection<DependencyDescriptor> find(
            ConfigurableListableBeanFactory beans, Class<? extends Annotation> annotation) {
        InjectionPoints points = new InjectionPoints(annotation);
        for (String name : beans.getBeanDefinitionNames()) {
            try {
                points.inspect(beans, name);
            } catch (LinkageError | RuntimeException notLoadable) {
                // A bean that cannot be looked at is somebody else's failure, and a louder one.
            }
        }
        return points.found;
    }

    /**
     * Tell what is wrong with the injection points of all beans.
     *
     * @param beans the beans; none is created
     * @param annotation what the injection points have
     * @param check throws what is wrong with one
     * @return the mistakes, by place
     */
    public static List<Mistake> mistakes(
            ConfigurableListableBeanFactory beans,
            Class<? extends Annotation> annotation,
            Consumer<DependencyDescriptor> check) {
        Map<String, Mistake> mistakes = new LinkedHashMap<>();
        for (DependencyDescriptor point : find(beans, annotation)) {
            try {
                check.accept(point);
            } catch (InvalidConfigurationException invalid) {
                invalid.mistakes().forEach((mistake) -> mistakes.put(mistake.property() + mistake.code(), mistake));
            } catch (MechaException failure) {
                String place = InjectionPlace.describe(point);
                mistakes.put(
                        place + failure.code(),
                        new Mistake(failure.code(), place, failure.problem(), failure.action()));
            }
        }
        return List.copyOf(mistakes.values());
    }

    /**
     * Resolve what an injection point wants; when that fails, report the mistakes of all others too.
     *
     * @param <R> what it wants
     * @param beans the beans; none is created
     * @param annotation what the injection points have
     * @param resolver resolves the one
     * @param check throws what is wrong with another
     * @return what the resolver returned
     * @throws MechaException what the resolver threw, or the mistakes of several injection points
     */
    public static <R> R resolve(
            ConfigurableListableBeanFactory beans,
            Class<? extends Annotation> annotation,
            Supplier<R> resolver,
            Consumer<DependencyDescriptor> check) {
        try {
            return resolver.get();
        } catch (MechaException failure) {
            List<Mistake> mistakes = mistakes(beans, annotation, check);
            if (mistakes.size() > 1) {
                throw new InvalidConfigurationException(mistakes, failure);
            }
            throw failure;
        }
    }

    private void inspect(ConfigurableListableBeanFactory beans, String name) {
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        Method factoryMethod = definition instanceof RootBeanDefinition root ? root.getResolvedFactoryMethod() : null;
        if (factoryMethod != null) {
            inspect(factoryMethod);
            return;
        }
        Class<?> type = beans.getType(name, false);
        if (type == null || definition.getRole() == BeanDefinition.ROLE_INFRASTRUCTURE) {
            return;
        }
        Class<?> current = ClassUtils.getUserClass(type);
        for (Constructor<?> constructor : current.getDeclaredConstructors()) {
            inspect(constructor);
        }
        for (; current != null && current != Object.class; current = current.getSuperclass()) {
            inspectMembers(current, ClassUtils.getUserClass(type));
        }
    }

    private void inspectMembers(Class<?> declaring, Class<?> bean) {
        for (Field field : declaring.getDeclaredFields()) {
            if (field.isAnnotationPresent(annotation)) {
                add(new DependencyDescriptor(field, true), bean);
            }
        }
        for (Method method : declaring.getDeclaredMethods()) {
            // Parameters of other bean methods are met with those beans; what no one injects has another meaning.
            if (method.getReturnType() == void.class && InjectionPlace.isInjected(method)) {
                inspect(method, bean);
            }
        }
    }

    private void inspect(Executable executable) {
        inspect(executable, null);
    }

    private void inspect(Executable executable, @Nullable Class<?> bean) {
        for (int index = 0; index < executable.getParameterCount(); index++) {
            add(new DependencyDescriptor(MethodParameter.forExecutable(executable, index), true), bean);
        }
    }

    private void add(DependencyDescriptor point, @Nullable Class<?> bean) {
        if (InjectionPlace.annotation(point, annotation).isEmpty()) {
            return;
        }
        if (bean != null) {
            point.setContainingClass(bean);
        }
        Class<?> raw = point.getResolvableType().resolve();
        if (raw == Optional.class || (raw != null && isProvider(raw))) {
            point.increaseNestingLevel();
        }
        found.add(point);
    }

    private static boolean isProvider(Class<?> type) {
        return type == ObjectProvider.class
                || type == ObjectFactory.class
                || type.getName().equals("jakarta.inject.Provider"); // allow ClassName: optional at run time
    }
}
