// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class DatabaseInitializationTests {

    @Test
    void createsTablesAfterTheApplicationsMigrations() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(JdbcBindingAutoConfiguration.class))
                .withUserConfiguration(Application.class)
                .run(context -> assertThat(context.getBeanFactory().getDependenciesForBean("jdbcBindingBackendFactory"))
                        .contains("migration"));
    }

    @Configuration(proxyBeanMethods = false)
    @Import(DatabaseInitializationDependencyConfigurer.class)
    static class Application {

        @Bean
        DataSource dataSource() {
            return new DriverManagerDataSource("jdbc:h2:mem:migration");
        }

        @Bean
        DataSourceScriptDatabaseInitializer migration(DataSource dataSource) {
            return new DataSourceScriptDatabaseInitializer(dataSource, new DatabaseInitializationSettings());
        }
    }
}
