// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc.autoconfigure;

import io.mecha.binding.jdbc.JdbcBindingBackendFactory;
import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDependsOnDatabaseInitializationDetector;

/**
 * A detector of what creates tables, so that Flyway, Liquibase and scripts of SQL come before it.
 *
 * <p>A migration that finds a table in a schema without a history of its own refuses to start.
 */
final class BindingsDependOnDatabaseInitialization extends AbstractBeansOfTypeDependsOnDatabaseInitializationDetector {

    BindingsDependOnDatabaseInitialization() {}

    @Override
    protected Set<Class<?>> getDependsOnDatabaseInitializationBeanTypes() {
        return Set.of(JdbcBindingBackendFactory.class);
    }
}
