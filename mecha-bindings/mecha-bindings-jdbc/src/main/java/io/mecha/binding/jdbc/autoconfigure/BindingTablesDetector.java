// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc.autoconfigure;

import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDatabaseInitializerDetector;
import org.springframework.core.Ordered;

/**
 * A detector of {@link BindingTables}, after all others: Flyway, Liquibase and scripts of SQL come first, and find an empty schema.
 */
final class BindingTablesDetector extends AbstractBeansOfTypeDatabaseInitializerDetector {

    BindingTablesDetector() {}

    @Override
    protected Set<Class<?>> getDatabaseInitializerBeanTypes() {
        return Set.of(BindingTables.class);
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
