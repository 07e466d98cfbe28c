// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc.autoconfigure;

import io.mecha.PropertyNames;
import io.mecha.binding.jdbc.JdbcBindingBackendFactory;
import io.mecha.binding.jdbc.JdbcBindingOptions;
import io.mecha.jdbc.DataSourceBeans;
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
 * Auto-configuration of the channel type {@code jdbc}, which is also the outbox of other types.
 *
 * <p>Looks for a {@code DataSource} only when a channel of this type, or an outbox, is made.
 *
 * @since 1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnBooleanProperty(name = "mecha.bindings.enabled", matchIfMissing = true)
@ImportRuntimeHints(JdbcBindingAutoConfiguration.Hints.class)
public final class JdbcBindingAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    JdbcBindingBackendFactory jdbcBindingBackendFactory(ListableBeanFactory beans) {
        return new JdbcBindingBackendFactory(dataSources(beans));
    }

    /** Lazy: made when something depends on the database's initialization, and not in a test that replaces all channels. */
    @Bean
    @Lazy
    @ConditionalOnMissingBean(type = "io.mecha.binding.autoconfigure.BindingBackendOverride")
    BindingTables mechaBindingTables(Environment environment, ListableBeanFactory beans) {
        return new BindingTables(environment, dataSources(beans));
    }

    private static JdbcBindingBackendFactory.DataSources dataSources(ListableBeanFactory beans) {
        DataSourceBeans dataSources = new DataSourceBeans(beans, "MECHA-B137", "MECHA-B138");
        return (channel, name) -> dataSources.find("Channel '" + channel + "'", PropertyNames.channel(channel), name);
    }

    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            BindableRuntimeHintsRegistrar.forTypes(JdbcBindingOptions.class).registerHints(hints);
            hints.resources().registerPattern("io/mecha/binding/jdbc/schema-*.sql");
        }
    }
}
