// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.autoconfigure;

import io.mecha.state.jdbc.JdbcStateBackendFactory;
import java.util.Set;
import org.springframework.boot.sql.init.dependency.AbstractBeansOfTypeDependsOnDatabaseInitializationDetector;

/**
 * A detector of what creates tables, so that Flyway, Liquibase and scripts of SQL come before it.
 *
 * <p>A migration that finds a table in a schema without a history of its own refuses to start.
 */
final class StateDependsOnDatabaseInitialization extends AbstractBeansOfTypeDependsOnDatabaseInitializationDetector {

    StateDependsOnDatabaseInitialization() {}

    @Override
    protected Set<Class<?>> getDependsOnDatabaseInitializationBeanTypes() {
        return Set.of(JdbcStateBackendFactory.class);
    }
}
