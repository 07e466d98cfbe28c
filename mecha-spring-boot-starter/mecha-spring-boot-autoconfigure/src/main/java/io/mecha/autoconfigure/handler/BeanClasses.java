// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.List;
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

/**
 * The classes of beans, behind proxies, as far as they may have annotated methods.
 *
 * @since 1.0
 */
public final class BeanClasses {

    private static final String SPRING = "org.springframework.";

    /** Where nothing is annotated with what is ours; but applications, too, have classes in Spring's packages. */
    private static final List<String> PLATFORM = List.of("java.", "javax.", "jakarta.", "kotlin.", SPRING);

    /**
     * Whether a class, or what it inherits, has an annotation on it or on a method that could be ours. Spares several scanners the
     * reading of hundreds of classes that have none but Spring's and Java's.
     */
    private static final ClassValue<Boolean> ANNOTATED = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            try {
                return findAnnotation(type);
            } catch (LinkageError | TypeNotPresentException missing) {
                return true; // who looks closer says what is missing
            }
        }
    };

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
        return type != null && mayBeAnnotated(type) ? type : null;
    }

    /**
     * Tell whether a class, or what it inherits, may have annotations of Mecha; asking again costs next to nothing.
     *
     * @param type class of a bean, behind proxies
     * @return {@code false} for classes that have no annotation but those of Java, Kotlin and Spring
     */
    public static boolean mayBeAnnotated(Class<?> type) {
        return ANNOTATED.get(type);
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
        return isPlatform(type.getName());
    }

    private static boolean findAnnotation(Class<?> type) {
        if (isPlatform(type) && !type.getName().startsWith(SPRING)) {
            return false;
        }
        if (hasOtherAnnotation(type)) {
            return true;
        }
        for (Method method : type.getDeclaredMethods()) {
            if (hasOtherAnnotation(method)) {
                return true;
            }
        }
        Class<?> parent = type.getSuperclass();
        if (parent != null && ANNOTATED.get(parent)) {
            return true;
        }
        for (Class<?> parentInterface : type.getInterfaces()) {
            if (ANNOTATED.get(parentInterface)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasOtherAnnotation(AnnotatedElement element) {
        for (Annotation annotation : element.getDeclaredAnnotations()) {
            if (!isPlatform(annotation.annotationType().getName())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPlatform(String name) {
        for (String prefix : PLATFORM) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
