// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/** The resources that a transaction manager names, which takes no server. */
final class TransactionResources {

    static final String DATA_SOURCE = "getDataSource";

    /** Managers that bind connections of a data source besides what they name first. */
    static final List<String> OF_TWO = List.of(
            "org.springframework.orm.jpa.JpaTransactionManager",
            "org.springframework.orm.jpa.hibernate.HibernateTransactionManager");

    private TransactionResources() {}

    /** Returns what a manager names; nothing if it names nothing. */
    static List<Object> of(PlatformTransactionManager manager) {
        Object target = AopProxyUtils.getSingletonTarget(manager);
        Object real = target == null ? manager : target;
        List<Object> resources = new ArrayList<>();
        if (real instanceof ResourceTransactionManager named) {
            resources.add(named.getResourceFactory());
        }
        try {
            Object dataSource = real.getClass().getMethod(DATA_SOURCE).invoke(real);
            if (dataSource != null) {
                resources.add(dataSource);
            }
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return resources; // not a property of this one
        }
        return resources;
    }
}
