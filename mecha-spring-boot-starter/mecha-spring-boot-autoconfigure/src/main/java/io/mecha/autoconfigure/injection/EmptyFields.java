// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.injection;

import io.mecha.Mistake;
import java.lang.annotation.Annotation;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * A search for fields that have the annotation of a component and not the one that has Spring inject it, so that they stay {@code null}.
 *
 * @since 1.0
 */
public final class EmptyFields {

    private final Class<? extends Annotation> annotation;
    private final String code;
    private final List<Mistake> mistakes = new ArrayList<>();

    private EmptyFields(Class<? extends Annotation> annotation, String code) {
        this.annotation = annotation;
        this.code = code;
    }

    /**
     * Find them on all beans.
     *
     * @param beans the beans; none is created
     * @param annotation what the fields have
     * @param code code of the mistakes
     * @return a mistake for each field
     */
    public static List<Mistake> mistakes(
            ConfigurableListableBeanFactory beans, Class<? extends Annotation> annotation, String code) {
        EmptyFields fields = new EmptyFields(annotation, code);
        for (String name : beans.getBeanDefinitionNames()) {
            try {
                fields.inspect(beans, name);
            } catch (LinkageError | RuntimeException notLoadable) {
                // A bean that cannot be looked at is somebody else's failure, and a louder one.
            }
        }
        return fields.mistakes;
    }

    private void inspect(ConfigurableListableBeanFactory beans, String name) {
        Object made = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
        Object behind = made == null ? null : AopProxyUtils.getSingletonTarget(made);
        Object bean = behind == null ? made : behind;
        Class<?> type = bean == null ? beans.getType(name, false) : bean.getClass();
        if (type == null) {
            return;
        }
        Class<?> user = ClassUtils.getUserClass(type);
        for (Class<?> current = user; current != null && current != Object.class; current = current.getSuperclass()) {
            for (Field field : current.getDeclaredFields()) {
                if (field.isAnnotationPresent(annotation)
                        && !InjectionPlace.isInjected(field)
                        && isEmpty(field, user, bean)) {
                    mistakes.add(mistake(field));
                }
            }
        }
    }

    /** Finds out whether nobody else sets it, such as a constructor that takes the component. */
    private boolean isEmpty(Field field, Class<?> type, @Nullable Object bean) {
        if (bean == null) {
            return !Modifier.isFinal(field.getModifiers())
                    && Arrays.stream(type.getDeclaredConstructors()).noneMatch(this::takesOne);
        }
        if (!field.trySetAccessible()) {
            return false;
        }
        try {
            return field.get(bean) == null;
        } catch (IllegalAccessException hidden) {
            return false;
        }
    }

    private boolean takesOne(Constructor<?> constructor) {
        return Arrays.stream(constructor.getParameters())
                .anyMatch((parameter) -> parameter.isAnnotationPresent(annotation));
    }

    private Mistake mistake(Field field) {
        String name = annotation.getSimpleName();
        return new Mistake(
                code,
                "field '%s' of %s"
                        .formatted(field.getName(), field.getDeclaringClass().getName()),
                "It has @%s, but nothing injects it: it stays null.".formatted(name),
                "Annotate it with @Autowired, too, or take it in the constructor.");
    }
}
