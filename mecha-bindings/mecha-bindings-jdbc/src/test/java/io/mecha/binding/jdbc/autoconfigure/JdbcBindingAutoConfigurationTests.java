// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.InvalidConfigurationException;
import io.mecha.binding.jdbc.JdbcBindingBackendFactory;
import io.mecha.binding.jdbc.JdbcBindingOptions;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class JdbcBindingAutoConfigurationTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(JdbcBindingAutoConfiguration.class));

    @Test
    void usesTheDataSourceThatIsNamed() {
        runner.withBean("one", DataSource.class, JdbcBindingAutoConfigurationTests::h2)
                .withBean("two", DataSource.class, JdbcBindingAutoConfigurationTests::h2)
                .run(context -> {
                    try (BindingBackend backend = create(context, named("two"))) {
                        backend.ping();
                    }
                });
    }

    @Test
    void saysThatThereIsNoDataSource() {
        runner.run(context -> assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> create(context, JdbcBindingOptions.DEFAULTS))
                .withMessageContaining("MECHA-B137")
                .withMessageContaining("[mecha.bindings.channels.orders.type]"));
    }

    @Test
    void saysThatThereAreSeveralDataSources() {
        runner.withBean("one", DataSource.class, JdbcBindingAutoConfigurationTests::h2)
                .withBean("two", DataSource.class, JdbcBindingAutoConfigurationTests::h2)
                .run(context -> assertThatExceptionOfType(InvalidConfigurationException.class)
                        .isThrownBy(() -> create(context, JdbcBindingOptions.DEFAULTS))
                        .withMessageContaining("MECHA-B138")
                        .withMessageContaining("[one, two]"));
    }

    @Test
    void refusesOptionsThatCannotWork() {
        JdbcBindingOptions bad = new JdbcBindingOptions(null, null, null, Duration.ZERO, Duration.ZERO, 0, null, null);
        runner.withBean(DataSource.class, JdbcBindingAutoConfigurationTests::h2)
                .run(context -> assertThatExceptionOfType(InvalidConfigurationException.class)
                        .isThrownBy(() -> create(context, bad))
                        .withMessageContaining("MECHA-B139")
                        .withMessageContaining("poll-interval")
                        .withMessageContaining("lease")
                        .withMessageContaining("maximum-batch"));
    }

    @Test
    void namesWhatIsReflectedOnInNativeImages() {
        RuntimeHints hints = new RuntimeHints();

        new JdbcBindingAutoConfiguration.Hints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.reflection().onType(JdbcBindingOptions.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/mecha/binding/jdbc/schema-postgresql.sql"))
                .accepts(hints);
    }

    @Test
    void isAbsentWhenSwitchedOff() {
        runner.withPropertyValues("mecha.bindings.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(JdbcBindingBackendFactory.class));
    }

    @Test
    void backsOffWhenTheUserDefinesAFactory() {
        JdbcBindingBackendFactory mine = new JdbcBindingBackendFactory((channel, name) -> h2());

        runner.withBean(JdbcBindingBackendFactory.class, () -> mine)
                .run(context -> assertThat(context.getBean(JdbcBindingBackendFactory.class))
                        .isSameAs(mine));
    }

    private static JdbcBindingOptions named(String dataSource) {
        return new JdbcBindingOptions(dataSource, null, null, null, null, null, null, null);
    }

    private static DataSource h2() {
        return new DriverManagerDataSource("jdbc:h2:mem:bindings-autoconfigure;DB_CLOSE_DELAY=-1");
    }

    private static BindingBackend create(ApplicationContext context, JdbcBindingOptions options) {
        return context.getBean(JdbcBindingBackendFactory.class).create(new FixedSettings(options));
    }

    private record FixedSettings(JdbcBindingOptions options) implements BindingBackendFactory.Settings {

        @Override
        public String channel() {
            return "orders";
        }

        @Override
        public String destination() {
            return "orders";
        }

        @Override
        public String application() {
            return "app";
        }

        @Override
        public <O> O options(Class<O> type) {
            return type.cast(options);
        }

        @Override
        public Path dataDirectory() {
            throw new AssertionError("not embedded");
        }

        @Override
        public SigningKeys signingKeys() {
            return SigningKeys.of(null, List.of());
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    }
}
