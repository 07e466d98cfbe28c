// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.OnConfigurationChange;
import io.mecha.lifecycle.Reloadable;
import io.mecha.lifecycle.autoconfigure.endpoint.LifecycleEndpointAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.health.LifecycleHealthAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.metrics.LifecycleMetricsAutoConfiguration;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.mecha.runtime.Troubles;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@ExtendWith(OutputCaptureExtension.class)
class LifecycleAutoConfigurationTests {

    @TempDir
    private Path directory;

    @ConfigurationProperties("pricing")
    record Pricing(int rate) {}

    @Configuration(proxyBeanMethods = false)
    @Import({
        EndpointAutoConfiguration.class,
        HealthContributorRegistryAutoConfiguration.class,
        HealthEndpointAutoConfiguration.class,
        MechaAutoConfiguration.class,
        MechaHealthAutoConfiguration.class,
        LifecycleAutoConfiguration.class,
        LifecycleEndpointAutoConfiguration.class,
        LifecycleHealthAutoConfiguration.class,
        LifecycleMetricsAutoConfiguration.class
    })
    static class Platform {}

    @Configuration(proxyBeanMethods = false)
    static class Meters {

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    static class Shop {

        private final Reloadable<Pricing> pricing;
        private final List<String> seen = new CopyOnWriteArrayList<>();

        Shop(Reloadable<Pricing> pricing) {
            this.pricing = pricing;
        }

        @OnConfigurationChange("pricing.")
        void changed(ConfigurationChange change) {
            seen.add(change.keys() + " " + pricing.get().rate());
        }

        @OnConfigurationChange("other")
        void never() {
            seen.add("never");
        }
    }

    static class Wrong {

        @OnConfigurationChange
        String returns() {
            return "";
        }

        @OnConfigurationChange
        void takes(String text) {}
    }

    static class NoProperties {

        NoProperties(Reloadable<String> text) {}
    }

    @Test
    void reloadsWhatIsInjectedAndTellsWhoIsInterested() throws IOException {
        Path file = write("pricing.rate: 1");
        try (ConfigurableApplicationContext context =
                run(List.of(Shop.class), "--mecha.lifecycle.config.watch=" + file.toUri())) {
            Shop shop = context.getBean(Shop.class);
            assertThat(shop.pricing.get().rate()).isEqualTo(1);

            write("pricing.rate: 2\nunseen: 3");

            await().atMost(Duration.ofSeconds(20)).until(() -> !shop.seen.isEmpty());
            assertThat(shop.seen).singleElement().asString().endsWith(" 2").contains("pricing.rate");
            context.getBean(MeterBinder.class).bindTo(context.getBean(MeterRegistry.class));
            assertThat(context.getBean(MeterRegistry.class)
                            .get("mecha.configuration.reloads")
                            .tag("outcome", "applied")
                            .functionCounter()
                            .count())
                    .isEqualTo(1);
            HealthEndpoint health = context.getBean(HealthEndpoint.class);
            assertThat(health.healthForPath("mechaConfiguration").getStatus()).isEqualTo(Status.UP);

            write("pricing.rate: many");

            ConfigurationReloader reloader = context.getBean(ConfigurationReloader.class);
            await().atMost(Duration.ofSeconds(20)).until(() -> reloader.rejection() != null);
            assertThat(health.healthForPath("mechaConfiguration").getStatus()).isEqualTo(Status.UNKNOWN);
            assertThat(health.health().getStatus())
                    .as("background work: %s", Troubles.present())
                    .isEqualTo(Status.UP);
            assertThat(shop.pricing.get().rate()).isEqualTo(2);
        }
    }

    @Test
    void warnsOfMethodsThatAreNeverCalled(CapturedOutput output) throws IOException {
        write("pricing.rate: 1");
        try (ConfigurableApplicationContext context = run(List.of(Shop.class))) {
            assertThat(context.getBean(Shop.class).pricing.get().rate()).isEqualTo(1);
            assertThat(output).contains("Set mecha.lifecycle.config.watch");
            assertThat(context.getBeanProvider(ConfigurationReloader.class)).isEmpty();
        }
    }

    @Test
    void warnsOfFilesThatNobodyReads(CapturedOutput output) throws IOException {
        write("pricing.rate: 1");
        Path other = Files.writeString(directory.resolve("other.yaml"), "pricing.rate: 5");
        try (ConfigurableApplicationContext context =
                run(List.of(Shop.class), "--mecha.lifecycle.config.watch=" + other.toUri())) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(output)
                            .contains("other.yaml is watched and not read: add it to spring.config.import"));
            assertThat(context.getBean(Shop.class).pricing.get().rate()).isEqualTo(1);
        }
    }

    @Test
    void refusesMethodsThatCannotBeCalled() throws IOException {
        write("pricing.rate: 1");

        assertThatThrownBy(() -> run(List.of(Wrong.class)))
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        failure -> assertThat(failure.mistakes())
                                .hasSize(2)
                                .allMatch(mistake -> mistake.code().equals("MECHA-L104")));
    }

    @Test
    void refusesWhatHasNoPropertiesAndWhatCannotBeWatched() throws IOException {
        write("pricing.rate: 1");

        assertThatThrownBy(() -> run(List.of(NoProperties.class)))
                .hasRootCauseInstanceOf(InvalidConfigurationException.class)
                .rootCause()
                .hasMessageContaining("MECHA-L102");
        assertThatThrownBy(() -> run(List.of(), "--mecha.lifecycle.config.watch=classpath:x.yaml"))
                .hasRootCauseInstanceOf(InvalidConfigurationException.class)
                .rootCause()
                .hasMessageContaining("MECHA-L101");
        assertThatThrownBy(() -> run(
                        List.of(),
                        "--mecha.lifecycle.config.watch=" + directory,
                        "--mecha.lifecycle.config.interval=0ms"))
                .rootCause()
                .hasMessageContaining("mecha.lifecycle.config.interval");
    }

    private Path write(String text) throws IOException {
        Path written = Files.writeString(directory.resolve("application.yaml.tmp"), text);
        return Files.move(written, directory.resolve("application.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private ConfigurableApplicationContext run(List<Class<?>> beans, String... arguments) {
        SpringApplication application = new SpringApplication(Meters.class, Platform.class);
        application.addPrimarySources(beans);
        application.setWebApplicationType(WebApplicationType.NONE);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--spring.config.location="
                + directory.resolve("application.yaml").toUri());
        all.add("--spring.main.banner-mode=off");
        return application.run(all.toArray(String[]::new));
    }
}
