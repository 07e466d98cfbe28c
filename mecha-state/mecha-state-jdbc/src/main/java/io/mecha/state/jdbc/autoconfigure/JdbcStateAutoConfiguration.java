// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.autoconfigure;

import io.mecha.PropertyNames;
import io.mecha.jdbc.DataSourceBeans;
import io.mecha.state.jdbc.JdbcStateBackendFactory;
import io.mecha.state.jdbc.JdbcStateOptions;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the state type {@code jdbc}.
 *
 * <p>Looks for a {@code DataSource} only when a store of this type is made.
 *
 * @since 1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mecha.state.enabled", matchIfMissing = true)
@ImportRuntimeHints(JdbcStateAutoConfiguration.Hints.class)
public final class JdbcStateAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    JdbcStateBackendFactory jdbcStateBackendFactory(ListableBeanFactory beans) {
        return new JdbcStateBackendFactory(dataSources(beans));
    }

    /** Lazy: made when something depends on the database's initialization, and not in a test that replaces all stores. */
    @Bean
    @Lazy
    @ConditionalOnMissingBean(type = "io.mecha.state.autoconfigure.StateBackendOverride")
    StateTables mechaStateTables(Environment environment, ListableBeanFactory beans) {
        return new StateTables(environment, dataSources(beans));
    }

    private static JdbcStateBackendFactory.DataSources dataSources(ListableBeanFactory beans) {
        DataSourceBeans dataSources = new DataSourceBeans(beans, "MECHA-S112", "MECHA-S113");
        return (store, name) -> dataSources.find("State store '" + store + "'", PropertyNames.store(store), name);
    }

    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            BindableRuntimeHintsRegistrar.forTypes(JdbcStateOptions.class).registerHints(hints);
            hints.resources().registerPattern("io/mecha/state/jdbc/schema-*.sql");
            hints.resources().registerPattern("io/mecha/jdbc/lease/schema-*.sql");
        }
    }
}
