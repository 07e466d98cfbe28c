// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.Drain;
import io.mecha.lifecycle.Initializer;
import io.mecha.lifecycle.OnConfigurationChange;
import io.mecha.lifecycle.OnDrain;
import io.mecha.lifecycle.Probe;
import io.mecha.lifecycle.ProbeResult;
import io.mecha.lifecycle.Reloadable;
import io.mecha.test.Eventually;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;

/** The code of docs/lifecycle.md. */
class LifecycleGuideTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    // tag::reloadable[]
    @ConfigurationProperties("pricing")
    record Pricing(BigDecimal rate, String currency) {}

    @Service
    static class Prices {

        private final Reloadable<Pricing> pricing;

        Prices(Reloadable<Pricing> pricing) {
            this.pricing = pricing;
        }

        String price(BigDecimal amount) {
            Pricing now = pricing.get(); // rate and currency belong together
            return amount.multiply(now.rate()) + " " + now.currency();
        }
    }
    // end::reloadable[]

    // tag::change[]
    @Component
    static class PriceCache {

        private final Set<String> prices = ConcurrentHashMap.newKeySet();

        @OnConfigurationChange("pricing.")
        void clear(ConfigurationChange change) {
            prices.clear();
        }
    }
    // end::change[]

    // tag::drain[]
    @Component
    static class Uploads {

        private final Set<Path> open = ConcurrentHashMap.newKeySet();
        private final ExecutorService pool = Executors.newFixedThreadPool(4);

        @OnDrain(OnDrain.Stage.INTAKE)
        void stop() {
            pool.shutdown();
        }

        @OnDrain(timeout = "15s")
        void finish(Drain drain) throws InterruptedException {
            drain.unfinished(open.size() + " uploads"); // for the log and the actuator, if this ends by force
            if (pool.awaitTermination(drain.remaining().toMillis(), TimeUnit.MILLISECONDS)) {
                drain.unfinished("");
            }
        }
    }
    // end::drain[]

    // tag::initializer[]
    @Component
    static class Catalog {

        private final Map<String, String> products = new ConcurrentHashMap<>();

        @Initializer(timeout = "30s")
        void load() {
            products.put("4711", "Teapot");
        }

        @Initializer(after = "load", maxAttempts = "3", onFailure = Initializer.OnFailure.KEEP_TRYING)
        void index() {
            products.replaceAll((number, name) -> name.toLowerCase(Locale.ROOT));
        }
    }
    // end::initializer[]

    // tag::once[]
    @Component
    static class Prefill {

        private int runs;

        @Initializer(once = Initializer.Once.CLUSTER, version = "1")
        void fill() {
            runs++;
        }
    }
    // end::once[]

    // tag::probe[]
    @Component
    static class CatalogProbes {

        private final Catalog catalog;

        CatalogProbes(Catalog catalog) {
            this.catalog = catalog;
        }

        @Probe(Probe.Kind.READINESS)
        ProbeResult products() {
            return catalog.products.isEmpty() ? ProbeResult.down("no products") : ProbeResult.up();
        }
    }
    // end::probe[]

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Prices.class, PriceCache.class, Catalog.class, Prefill.class, CatalogProbes.class, Uploads.class})
    static class Application {}

    @Test
    void changesPricesWhileItRuns(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("prices.yaml"), "pricing: { rate: 2, currency: EUR }");
        Uploads uploads;
        try (ConfigurableApplicationContext context = SpringApplication.run(
                Application.class,
                "--spring.main.web-application-type=none",
                "--spring.config.import=" + file.toUri(),
                "--mecha.data-directory=" + directory,
                "--mecha.state.stores.coordination.type=memory",
                "--mecha.lifecycle.config.watch=" + file.toUri())) {
            Prices prices = context.getBean(Prices.class);
            PriceCache cache = context.getBean(PriceCache.class);
            cache.prices.add("20 EUR");
            assertThat(prices.price(BigDecimal.TEN)).isEqualTo("20 EUR");
            assertThat(context.getBean(Catalog.class).products).containsEntry("4711", "teapot");
            assertThat(context.getBean(Prefill.class).runs).isEqualTo(1);
            assertThat(context.getBean(CatalogProbes.class).products().healthy())
                    .isTrue();

            Files.writeString(file, "pricing: { rate: 3, currency: USD }");

            Eventually.eventually(
                    PATIENCE, () -> assertThat(prices.price(BigDecimal.TEN)).isEqualTo("30 USD"));
            Eventually.eventually(PATIENCE, () -> assertThat(cache.prices).isEmpty());
            uploads = context.getBean(Uploads.class);
            assertThat(uploads.pool.isShutdown()).isFalse();
        }

        assertThat(uploads.pool.isTerminated()).isTrue();
    }
}
