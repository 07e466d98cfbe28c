// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Sender;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.binding.autoconfigure.BindingEngineCustomizer;
import io.mecha.binding.jdbc.autoconfigure.JdbcBindingAutoConfiguration;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.autoconfigure.StateBackendOverride;
import io.mecha.state.autoconfigure.StateStoreCustomizer;
import io.mecha.state.jdbc.autoconfigure.JdbcStateAutoConfiguration;
import io.mecha.state.memory.MemoryStateBackendFactory;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Where Mecha's tables stand between what migrates a database and what reads it. */
class DatabaseInitializationTests {

    private static final String FLYWAY = "spring.flyway.locations=classpath:initialization/flyway";
    private static final String LIQUIBASE = "spring.liquibase.change-log=classpath:initialization/changes.sql";
    private static final String SCRIPT = "spring.sql.init.schema-locations=classpath:initialization/schema.sql";
    private static final String STORE = "mecha.state.stores.carts.type=jdbc";
    private static final String CHANNEL = "mecha.bindings.channels.orders.type=jdbc";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    DataSourceInitializationAutoConfiguration.class,
                    JdbcTemplateAutoConfiguration.class,
                    FlywayAutoConfiguration.class,
                    LiquibaseAutoConfiguration.class,
                    MechaAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    JdbcStateAutoConfiguration.class,
                    BindingAutoConfiguration.class,
                    JdbcBindingAutoConfiguration.class))
            .withPropertyValues("spring.flyway.enabled=false", "spring.liquibase.enabled=false")
            .withUserConfiguration(Reading.class);

    @ParameterizedTest
    @ValueSource(strings = {FLYWAY, LIQUIBASE, SCRIPT})
    void comesAfterMigrationsAndBeforeWhatDependsOnThem(String migration) {
        runner.withPropertyValues(migration, enabled(migration), STORE, CHANNEL)
                .run(context -> assertThat(context.getBean(Tables.class).seen())
                        .contains("ORDERS", "MECHA_STATE", "MECHA_MESSAGE"));
    }

    @Test
    void knowsTheTableOfAStoreAndWhatAllStoresShare() {
        runner.withPropertyValues(
                        STORE,
                        "mecha.state.stores.carts.jdbc.table=baskets",
                        "mecha.state.stores.users.type=jdbc",
                        "mecha.state.jdbc.table=people")
                .run(context -> assertThat(context.getBean(Tables.class).seen())
                        .contains("BASKETS", "PEOPLE")
                        .doesNotContain("MECHA_STATE"));
    }

    @Test
    void knowsTheDefaultTypeAndOutboxes() {
        runner.withPropertyValues("mecha.state.default-type=jdbc", "mecha.bindings.channels.orders.out.outbox=true")
                .run(context ->
                        assertThat(context.getBean(Tables.class).seen()).contains("MECHA_STATE", "MECHA_MESSAGE"));
    }

    @Test
    void createsNothingThatIsNotConfigured() {
        runner.withPropertyValues(
                        "mecha.state.stores.carts.type=memory",
                        "mecha.state.stores.users.type=jdbc",
                        "mecha.state.stores.users.jdbc.table=people",
                        "mecha.state.stores.users.jdbc.initialize-schema=never")
                .run(context -> assertThat(context.getBean(Tables.class).seen())
                        .doesNotContain("MECHA_STATE", "MECHA_MESSAGE", "PEOPLE"));
    }

    @Test
    void createsNothingInATestThatReplacesStores() {
        StateBackendOverride override = type -> new MemoryStateBackendFactory();

        runner.withPropertyValues(STORE)
                .withBean(StateBackendOverride.class, () -> override)
                .run(context -> assertThat(context.getBean(Tables.class).seen()).doesNotContain("MECHA_STATE"));
    }

    @ParameterizedTest
    @ValueSource(strings = {FLYWAY, LIQUIBASE, SCRIPT})
    void leadsIntoNoCircleWithBeansThatNeedBoth(String migration) {
        runner.withUserConfiguration(Entangled.class)
                .withPropertyValues(
                        migration,
                        enabled(migration),
                        STORE,
                        CHANNEL,
                        "mecha.bindings.channels.in.in.inbox.store=carts")
                .run(context -> assertThat(context).hasNotFailed().hasSingleBean(Service.class));
    }

    @Test
    void startsWithADataSourceThatIsMadeFromAnother() {
        runner.withUserConfiguration(Tenants.class)
                .withPropertyValues(STORE, "mecha.state.stores.carts.jdbc.data-source=second")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void leavesADatabaseThatDoesNotAnswerToTheStore() {
        runner.withBean(
                        "second",
                        DataSource.class,
                        () -> new DriverManagerDataSource("jdbc:h2:tcp://localhost:1/none"),
                        bean -> bean.setAutowireCandidate(false))
                .withPropertyValues(STORE, "mecha.state.stores.carts.jdbc.data-source=second")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void reportsAWrongOptionOnce() {
        runner.withPropertyValues(STORE, "mecha.state.stores.carts.jdbc.timeout=soon")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("mecha.state.stores.carts.jdbc.timeout"));
    }

    private static String enabled(String migration) {
        return migration.equals(SCRIPT)
                ? "spring.sql.init.mode=always"
                : migration.substring(0, migration.indexOf('.', "spring.".length())) + ".enabled=true";
    }

    /** What a bean sees that needs the database. */
    record Tables(List<String> seen) {}

    /** A bean that needs everything. */
    record Service(KeyValueStore<String> carts, Sender<String> orders, JdbcTemplate jdbc) {}

    @Configuration(proxyBeanMethods = false)
    static class Reading {

        @Bean
        Tables tables(JdbcTemplate jdbc) {
            return new Tables(jdbc.queryForList("SELECT table_name FROM information_schema.tables", String.class));
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Entangled {

        @Bean
        @DependsOnDatabaseInitialization
        Service service(
                @StateStore("carts") KeyValueStore<String> carts,
                @Binding("orders") Sender<String> orders,
                JdbcTemplate jdbc) {
            return new Service(carts, orders, jdbc);
        }

        /** As JPA's, which Spring Boot makes depend on the database. */
        @Bean
        @DependsOnDatabaseInitialization
        PlatformTransactionManager transactions(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        StateStoreCustomizer stores(JdbcTemplate jdbc) {
            return (name, store) -> assertThat(jdbc).isNotNull();
        }

        @Bean
        BindingEngineCustomizer engine(JdbcTemplate jdbc) {
            return engine -> assertThat(jdbc).isNotNull();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Tenants {

        @Bean(autowireCandidate = false)
        DataSource second(JdbcTemplate directory) {
            return new DriverManagerDataSource(directory.queryForObject("SELECT 'jdbc:h2:mem:tenant'", String.class));
        }
    }
}
