// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.OnConfigurationChange;
import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class RefreshAutoConfigurationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @ConfigurationProperties("pricing")
    static class Pricing {

        private int rate;

        public int getRate() {
            return rate;
        }

        public void setRate(int rate) {
            this.rate = rate;
        }
    }

    /** A bean that takes a value when it is made. */
    static class Price {

        private final int rate;

        Price(int rate) {
            this.rate = rate;
        }

        int rate() {
            return rate;
        }
    }

    static class Shop {

        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final Pricing pricing;
        private final Price price;

        Shop(Pricing pricing, Price price) {
            this.pricing = pricing;
            this.price = price;
        }

        @OnConfigurationChange("pricing.")
        void changed(ConfigurationChange change) {
            seen.add(pricing.getRate() + " " + price.rate());
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(Pricing.class)
    @ImportAutoConfiguration({
        ConfigurationPropertiesRebinderAutoConfiguration.class,
        org.springframework.cloud.autoconfigure.RefreshAutoConfiguration.class,
        MechaAutoConfiguration.class,
        LifecycleAutoConfiguration.class,
        RefreshAutoConfiguration.class
    })
    static class Platform {

        @Bean
        @RefreshScope
        Price price(@Value("${pricing.rate}") int rate) {
            return new Price(rate);
        }

        @Bean
        Shop shop(Pricing pricing, Price price) {
            return new Shop(pricing, price);
        }
    }

    @Test
    void renewsBeansOfTheRefreshScopeAndMutableProperties(CapturedOutput output) throws IOException {
        try (ConfigurableApplicationContext context = run("--mecha.lifecycle.config.refresh-scope=true")) {
            Shop shop = context.getBean(Shop.class);
            assertThat(shop.price.rate()).isEqualTo(1);

            write("pricing.rate: 2");

            await().atMost(PATIENCE).until(() -> !shop.seen.isEmpty());
            assertThat(shop.seen).containsExactly("2 2");
            assertThat(output).doesNotContain("keep the values that they have");
        }
    }

    @Test
    void leavesThemAloneUnlessItIsAskedToAndSaysSo(CapturedOutput output) throws IOException {
        try (ConfigurableApplicationContext context = run()) {
            Shop shop = context.getBean(Shop.class);
            assertThat(shop.price.rate()).isEqualTo(1);

            write("pricing.rate: 2");

            await().atMost(PATIENCE).until(() -> !shop.seen.isEmpty());
            assertThat(shop.seen).containsExactly("1 1");
            assertThat(output)
                    .containsOnlyOnce("Beans with @RefreshScope keep the values that they have: set"
                            + " mecha.lifecycle.config.refresh-scope to true");
        }
    }

    @Test
    void refusesTheBridgeWithoutSpringCloud() throws IOException {
        write("pricing.rate: 1");
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MechaAutoConfiguration.class, LifecycleAutoConfiguration.class, RefreshAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.cloud"))
                .withPropertyValues(
                        "mecha.lifecycle.config.watch="
                                + directory.resolve("application.yaml").toUri(),
                        "mecha.lifecycle.config.refresh-scope=true")
                .run((context) -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("Add org.springframework.cloud:spring-cloud-context"));
    }

    private void write(String text) throws IOException {
        Path written = Files.writeString(directory.resolve("application.yaml.tmp"), text);
        Path unused = Files.move(written, directory.resolve("application.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private ConfigurableApplicationContext run(String... arguments) throws IOException {
        write("pricing.rate: 1");
        String file = directory.resolve("application.yaml").toUri().toString();
        SpringApplication application = new SpringApplication(Platform.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        List<String> all = new CopyOnWriteArrayList<>(arguments);
        all.addAll(List.of(
                "--spring.config.location=" + file,
                "--mecha.lifecycle.config.watch=" + file,
                "--spring.main.banner-mode=off"));
        return application.run(all.toArray(String[]::new));
    }
}
