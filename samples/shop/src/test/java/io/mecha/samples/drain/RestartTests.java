// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.drain;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Sender;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.binding.jdbc.autoconfigure.JdbcBindingAutoConfiguration;
import io.mecha.lifecycle.OnDrain;
import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.drain.DrainAutoConfiguration;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.jdbc.autoconfigure.EmbeddedStateAutoConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Starts and ends an application many times in one JVM. */
class RestartTests {

    private static final int WARM_UP = 10;
    private static final int STARTS = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Fifty contexts in five seconds. */
    private static final Duration CLOSING = Duration.ofMillis(100);

    /** The least that has a store, a channel on a database and a drain. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({
        DataSourceAutoConfiguration.class,
        MechaAutoConfiguration.class,
        StateAutoConfiguration.class,
        EmbeddedStateAutoConfiguration.class,
        BindingAutoConfiguration.class,
        JdbcBindingAutoConfiguration.class,
        LifecycleAutoConfiguration.class,
        DrainAutoConfiguration.class
    })
    @Import(Orders.class)
    static class Application {}

    static class Orders {

        private final KeyValueStore<String> orders;
        private final Sender<String> placed;
        private final CountDownLatch handled = new CountDownLatch(1);
        private volatile boolean drained;

        Orders(@StateStore("orders") KeyValueStore<String> orders, @Binding("orders") Sender<String> placed) {
            this.orders = orders;
            this.placed = placed;
        }

        @Binding("orders")
        void handle(String order) {
            orders.put("last", order);
            handled.countDown();
        }

        @OnDrain
        void drain() {
            drained = true;
        }
    }

    private static Duration startAndEnd(Path directory) throws InterruptedException {
        ConfigurableApplicationContext context = SpringApplication.run(
                Application.class,
                "--spring.config.name=drain",
                "--spring.main.web-application-type=none",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn",
                "--mecha.data-directory=" + directory,
                "--spring.datasource.url=jdbc:sqlite:" + directory.resolve("orders.db"),
                "--mecha.bindings.channels.orders.type=jdbc");
        Orders orders = context.getBean(Orders.class);
        orders.placed.send("tea");
        assertThat(orders.handled.await(60, TimeUnit.SECONDS)).isTrue();
        long start = System.nanoTime();
        context.close();
        Duration closing = Duration.ofNanos(System.nanoTime() - start);
        assertThat(orders.drained).isTrue();
        return closing;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .sorted()
                .toList();
    }

    /** Returns the files and sockets that the JVM has open. */
    private static List<String> open() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            List<String> targets = new ArrayList<>();
            descriptors.forEach((descriptor) -> targets.add(target(descriptor)));
            return targets.stream().sorted().toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().replaceAll("\\d+", "");
        } catch (IOException closed) {
            return "";
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesNothingBehind(@TempDir Path directory) throws InterruptedException {
        for (int count = 0; count < WARM_UP; count++) {
            Duration unused = startAndEnd(directory);
        }
        int threads = threads().size();
        int open = open().size();
        Duration closing = Duration.ZERO;

        for (int count = 0; count < STARTS; count++) {
            closing = closing.plus(startAndEnd(directory));
        }

        eventually(PATIENCE, () -> {
            assertThat(threads()).hasSizeLessThanOrEqualTo(threads);
            assertThat(open()).hasSizeLessThanOrEqualTo(open);
        });
        assertThat(closing).isLessThan(CLOSING.multipliedBy(STARTS));
    }
}
