// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.autoconfigure;

import io.mecha.state.jdbc.EmbeddedStateBackendFactory;
import io.mecha.state.jdbc.EmbeddedStateOptions;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.sqlite.SQLiteConfig;

/**
 * Auto-configuration of the state type {@code embedded}.
 *
 * <p>Needs no {@code DataSource}; only the driver of SQLite.
 *
 * @since 1.0
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "mecha.state.enabled", matchIfMissing = true)
public final class EmbeddedStateAutoConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SQLiteConfig.class)
    @ImportRuntimeHints(Hints.class)
    static class Sqlite {

        @Bean
        @ConditionalOnMissingBean
        EmbeddedStateBackendFactory embeddedStateBackendFactory() {
            return new EmbeddedStateBackendFactory();
        }
    }

    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            BindableRuntimeHintsRegistrar.forTypes(EmbeddedStateOptions.class).registerHints(hints);
            hints.resources().registerPattern("io/mecha/state/jdbc/schema-*.sql");
            hints.resources().registerPattern("io/mecha/jdbc/lease/schema-*.sql");
        }
    }
}
