// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.engine.NearCacheOptions;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.engine.StoreTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Tests of the settings that stores and channels take over while they run. */
@ExtendWith(OutputCaptureExtension.class)
class TunablesTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String FIRST = """
            mecha:
              bindings:
                default-type: memory
                channels:
                  orders:
                    in: { dead-letter: lost, retry: { max-attempts: 1, backoff: { initial: 1ms, max: 1ms } } }
              state:
                default-type: memory
                stores:
                  carts: { time-to-live: 1h, near-cache: { maximum-size: 100, time-to-live: 5s } }
                  notes: { type: memory }
            """;

    @TempDir
    private Path directory;

    @Configuration(proxyBeanMethods = false)
    @Import({
        MechaAutoConfiguration.class,
        StateAutoConfiguration.class,
        BindingAutoConfiguration.class,
        LifecycleAutoConfiguration.class
    })
    static class Platform {}

    static class Handlers {

        private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();
        private final Map<String, Boolean> lost = new ConcurrentHashMap<>();

        @Binding("orders")
        void fail(String order) {
            attempts.computeIfAbsent(order, (first) -> new AtomicInteger()).incrementAndGet();
            throw new IllegalStateException("never");
        }

        @Binding("lost")
        void lost(String order) {
            lost.put(order, true);
        }
    }

    @Test
    void takesOverBoundsAttemptsAndTimesAndTellsOfTheRest(CapturedOutput output) throws IOException {
        Path file = write(FIRST);
        try (ConfigurableApplicationContext context = run(file)) {
            StateStoreComponent carts =
                    context.getBean(StateStoreRegistry.class).component("carts");
            Handlers handlers = context.getBean(Handlers.class);
            assertThat(attempts(context, handlers, "before")).isEqualTo(1);

            write(FIRST.replace("max-attempts: 1", "max-attempts: 3")
                    .replace("1h", "2h")
                    .replace("maximum-size: 100", "maximum-size: 50")
                    .replace("{ type: memory }", "{ type: memory, key-prefix: other }"));

            await().atMost(PATIENCE)
                    .until(() -> carts.tuning()
                            .equals(new StoreTuning(
                                    Duration.ofHours(2), 100, new NearCacheOptions(50, Duration.ofSeconds(5)))));
            assertThat(carts.nearCache()
                            .orElseThrow()
                            .synchronous()
                            .policy()
                            .eviction()
                            .orElseThrow()
                            .getMaximum())
                    .isEqualTo(50);
            assertThat(attempts(context, handlers, "after")).isEqualTo(3);
            assertThat(output)
                    .contains("[mecha.state.stores.notes.key-prefix] cannot change while the application runs");
        }
    }

    @Test
    void rejectsTheWholeChangeWhereASettingIsWrong() throws IOException {
        Path file = write(FIRST);
        try (ConfigurableApplicationContext context = run(file)) {
            StateStoreComponent carts =
                    context.getBean(StateStoreRegistry.class).component("carts");
            StoreTuning before = carts.tuning();
            ConfigurationReloader reloader = context.getBean(ConfigurationReloader.class);

            write(FIRST.replace("1h", "2h").replace("max-attempts: 1", "max-attempts: 0"));

            await().atMost(PATIENCE).until(() -> reloader.rejection() != null);
            assertThat(reloader.rejection()).contains("mecha.bindings.channels.orders.in.retry");
            assertThat(carts.tuning()).isEqualTo(before);
            assertThat(context.getEnvironment().getProperty("mecha.state.stores.carts.time-to-live"))
                    .isEqualTo("1h");
        }
    }

    private static int attempts(ConfigurableApplicationContext context, Handlers handlers, String order) {
        context.getBean(Bindings.class).sender("orders", String.class).send(order);
        await().atMost(PATIENCE).until(() -> handlers.lost.containsKey(order));
        return handlers.attempts.get(order).get();
    }

    private Path write(String text) throws IOException {
        Path written = Files.writeString(directory.resolve("application.yaml.tmp"), text);
        return Files.move(written, directory.resolve("application.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static ConfigurableApplicationContext run(Path file) {
        SpringApplication application = new SpringApplication(Platform.class, Handlers.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(
                "--spring.config.location=" + file.toUri(),
                "--spring.application.name=shop",
                "--spring.main.banner-mode=off",
                "--mecha.lifecycle.config.interval=20ms",
                "--mecha.lifecycle.config.watch=" + file.toUri());
    }
}
