// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.InvalidConfigurationException;
import io.mecha.state.jdbc.EmbeddedStateBackendFactory;
import io.mecha.state.jdbc.EmbeddedStateOptions;
import io.mecha.state.jdbc.JdbcStateBackendFactory;
import io.mecha.state.jdbc.JdbcStateOptions;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class StateJdbcAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(EmbeddedStateAutoConfiguration.class, JdbcStateAutoConfiguration.class));

    @Test
    void offersBothTypesWithoutADataSource() {
        runner.run(context -> assertThat(
                        context.getBeansOfType(StateBackendFactory.class).values())
                .extracting(StateBackendFactory::type)
                .containsExactlyInAnyOrder("embedded", "jdbc"));
    }

    @Test
    void backsOffWhenTheUserDefinesAFactory() {
        EmbeddedStateBackendFactory mine = new EmbeddedStateBackendFactory();

        runner.withBean(EmbeddedStateBackendFactory.class, () -> mine)
                .run(context -> assertThat(context.getBean(EmbeddedStateBackendFactory.class))
                        .isSameAs(mine));
    }

    @Test
    void offersNoEmbeddedTypeWithoutTheDriver() {
        runner.withClassLoader(new FilteredClassLoader("org.sqlite"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(JdbcStateBackendFactory.class)
                        .doesNotHaveBean(EmbeddedStateBackendFactory.class));
    }

    @Test
    void namesWhatIsReflectedOnInNativeImages() {
        RuntimeHints hints = new RuntimeHints();

        new EmbeddedStateAutoConfiguration.Hints().registerHints(hints, null);
        new JdbcStateAutoConfiguration.Hints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.reflection().onType(JdbcStateOptions.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(EmbeddedStateOptions.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/mecha/state/jdbc/schema-postgresql.sql"))
                .accepts(hints);
    }

    @Test
    void offersNothingWhenStateIsSwitchedOff() {
        runner.withPropertyValues("mecha.state.enabled=false")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(StateBackendFactory.class));
    }

    @Test
    void saysThatThereIsNoDataSource() {
        runner.run(context -> assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> create(context, null))
                .withMessageContaining("MECHA-S112")
                .withMessageContaining("[mecha.state.stores.carts.type]")
                .withMessageContaining("spring.datasource.url"));
    }

    @Test
    void saysThatThereAreSeveralDataSources() {
        runner.withBean("one", DataSource.class, StateJdbcAutoConfigurationTests::h2)
                .withBean("two", DataSource.class, StateJdbcAutoConfigurationTests::h2)
                .run(context -> assertThatExceptionOfType(InvalidConfigurationException.class)
                        .isThrownBy(() -> create(context, null))
                        .withMessageContaining("MECHA-S113")
                        .withMessageContaining("[mecha.state.stores.carts.jdbc.data-source]")
                        .withMessageContaining("[one, two]"));
    }

    @Test
    void saysThatTheNameIsWrong() {
        runner.withBean("one", DataSource.class, StateJdbcAutoConfigurationTests::h2)
                .run(context -> assertThatExceptionOfType(InvalidConfigurationException.class)
                        .isThrownBy(() -> create(context, "other"))
                        .withMessageContaining("no DataSource bean 'other'"));
    }

    @Test
    void usesTheDataSourceThatIsNamed() {
        runner.withBean("one", DataSource.class, StateJdbcAutoConfigurationTests::h2)
                .withBean("two", DataSource.class, StateJdbcAutoConfigurationTests::h2)
                .run(context -> {
                    try (StateBackend backend = create(context, "two")) {
                        backend.ping();
                    }
                });
    }

    private static DataSource h2() {
        return new DriverManagerDataSource("jdbc:h2:mem:autoconfigure;DB_CLOSE_DELAY=-1");
    }

    private static StateBackend create(ApplicationContext context, String dataSource) {
        JdbcStateOptions options = new JdbcStateOptions(dataSource, null, null, null, null, null, null, null);
        return context.getBean(JdbcStateBackendFactory.class).create(new FixedSettings(options));
    }

    private record FixedSettings(JdbcStateOptions options) implements StateBackendFactory.Settings {

        @Override
        public String store() {
            return "carts";
        }

        @Override
        public <O> O options(Class<O> type) {
            return type.cast(options);
        }

        @Override
        public boolean announcesChanges() {
            return false;
        }

        @Override
        public Path dataDirectory() {
            throw new AssertionError("not embedded");
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    }
}
