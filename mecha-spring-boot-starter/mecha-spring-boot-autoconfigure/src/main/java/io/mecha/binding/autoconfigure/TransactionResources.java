// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** The resources that a transaction manager names, which takes no server. */
final class TransactionResources {

    private TransactionResources() {}

    /** Returns what a manager names; nothing if it names nothing. */
    static List<Object> of(PlatformTransactionManager manager) {
        Object target = AopProxyUtils.getSingletonTarget(manager);
        Object real = target == null ? manager : target;
        List<Object> resources = new ArrayList<>();
        if (real instanceof ResourceTransactionManager named) {
            resources.add(named.getResourceFactory());
        }
        Method getter = dataSource(real.getClass());
        Object dataSource = getter == null ? null : ReflectionUtils.invokeMethod(getter, real);
        if (dataSource != null) {
            resources.add(dataSource);
        }
        return resources;
    }

    /** Returns what tells the data source of managers that name something else first, such as that of JPA. */
    static @Nullable Method dataSource(Class<?> type) {
        return ClassUtils.getMethodIfAvailable(type, "getDataSource");
    }

    /** Returns what native images have to be able to call. */
    static Set<Method> called(ListableBeanFactory beans) {
        Set<Method> methods = new LinkedHashSet<>();
        for (String name : beans.getBeanNamesForType(PlatformTransactionManager.class, true, false)) {
            Class<?> type = beans.getType(name, false);
            Method getter = type == null ? null : dataSource(type);
            if (getter != null) {
                methods.add(getter);
            }
        }
        return methods;
    }
}
