// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.TargetClassAware;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/**
 * The classes of beans, behind proxies, as far as they may have annotated methods.
 *
 * @since 1.0
 */
public final class BeanClasses {

    /** Where nothing is annotated with what is ours. */
    private static final List<String> PLATFORM = List.of("java.", "javax.", "jakarta.", "org.springframework.");

    private final ConfigurableListableBeanFactory beans;
    private final boolean creating;

    /**
     * Make a view of a bean factory.
     *
     * @param beans the beans
     * @param creating whether to create beans that are made lazily and declared as an interface or an abstract class, since only the
     *     bean itself tells its class
     */
    public BeanClasses(ConfigurableListableBeanFactory beans, boolean creating) {
        this.beans = beans;
        this.creating = creating;
    }

    /**
     * Return the names of all beans; no factory bean is created for it.
     *
     * @return names in the bean factory
     */
    public String[] names() {
        return beans.getBeanNamesForType(Object.class, true, false);
    }

    private boolean isLookedAt(String name) {
        return !ScopedProxyUtils.isScopedTarget(name)
                && !(beans.containsBeanDefinition(name)
                        && beans.getMergedBeanDefinition(name).getRole() == BeanDefinition.ROLE_INFRASTRUCTURE);
    }

    /**
     * Return the class of a bean behind proxies.
     *
     * @param name name of the bean
     * @return its class; {@code null} for beans that have no annotated methods
     */
    public @Nullable Class<?> type(String name) {
        if (!isLookedAt(name)) {
            return null;
        }
        Class<?> type = AutoProxyUtils.determineTargetClass(beans, name);
        if (type != null && Modifier.isAbstract(type.getModifiers()) && isHidden(name, type)) {
            beans.getBean(name);
            type = AutoProxyUtils.determineTargetClass(beans, name);
        }
        // The maker of the proxy may not have noted its target; the proxy itself knows.
        type = type != null && Proxy.isProxyClass(type) && beans.getSingleton(name) instanceof TargetClassAware proxy
                ? AopProxyUtils.ultimateTargetClass(proxy)
                : type;
        return type == null || isOfSpring(type) ? null : type;
    }

    /**
     * Tell whether a class may have annotations of Mecha, without a look at each of its methods where it is the platform's.
     *
     * @param type class of a bean, behind proxies
     * @return {@code false} for classes of Java and of Spring
     */
    public static boolean mayBeAnnotated(Class<?> type) {
        return !type.getName().startsWith("java.") && !isOfSpring(type);
    }

    /** Tells whether a bean of the application itself is not made yet, so that nobody knows what its factory method returns. */
    private boolean isHidden(String name, Class<?> type) {
        if (!creating || beans.containsSingleton(name) || !beans.containsBeanDefinition(name) || isPlatform(type)) {
            return false;
        }
        BeanDefinition definition = beans.getMergedBeanDefinition(name);
        Method factory = definition instanceof RootBeanDefinition root ? root.getResolvedFactoryMethod() : null;
        return definition.isSingleton()
                && factory != null
                && !AnnotatedElementUtils.hasAnnotation(factory.getDeclaringClass(), AutoConfiguration.class)
                && !isNestedInAutoConfiguration(factory.getDeclaringClass());
    }

    private static boolean isNestedInAutoConfiguration(Class<?> configuration) {
        Class<?> outer = configuration.getDeclaringClass();
        return outer != null
                && (AnnotatedElementUtils.hasAnnotation(outer, AutoConfiguration.class)
                        || isNestedInAutoConfiguration(outer));
    }

    private static boolean isPlatform(Class<?> type) {
        return PLATFORM.stream().anyMatch(type.getName()::startsWith);
    }

    /** Spares the reading of hundreds of classes: those in Spring's packages that have no annotation but Spring's and Java's. */
    private static boolean isOfSpring(Class<?> type) {
        return type.getName().startsWith("org.springframework.")
                && Stream.concat(
                                Stream.<Class<?>>iterate(type, Objects::nonNull, Class::getSuperclass),
                                ClassUtils.getAllInterfacesForClassAsSet(type).stream())
                        .filter((declaring) -> declaring != Object.class)
                        .noneMatch(BeanClasses::hasOtherAnnotations);
    }

    private static boolean hasOtherAnnotations(Class<?> type) {
        return Stream.<AnnotatedElement>concat(Stream.of(type), Arrays.stream(type.getDeclaredMethods()))
                .flatMap((element) -> Arrays.stream(element.getDeclaredAnnotations()))
                .map((annotation) -> annotation.annotationType().getName())
                .anyMatch((name) -> PLATFORM.stream().noneMatch(name::startsWith));
    }
}
