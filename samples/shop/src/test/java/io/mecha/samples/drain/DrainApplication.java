// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.drain;

import io.mecha.binding.Binding;
import io.mecha.binding.Sender;
import io.mecha.lifecycle.OnDrain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application that takes orders by HTTP and handles them as messages of a database, run in a JVM of its own. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(DrainApplication.Orders.class)
class DrainApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(DrainApplication.class, arguments);
    }

    /** Its endpoints and its handler. */
    @RestController
    static class Orders {

        private final Sender<String> orders;
        private final Executor tasks;
        private final ConfigurableApplicationContext context;
        private final Path handled;
        private final CountDownLatch draining = new CountDownLatch(1);

        Orders(
                @Binding("orders") Sender<String> orders,
                @Qualifier("applicationTaskExecutor") Executor tasks,
                ConfigurableApplicationContext context,
                @Value("${handled}") Path handled) {
            this.orders = orders;
            this.tasks = tasks;
            this.context = context;
            this.handled = handled;
        }

        @EventListener
        void ready(ApplicationReadyEvent ready) {
            Environment environment = ready.getApplicationContext().getEnvironment();
            System.out.printf( // what the test waits for
                    "ports %s %s%n",
                    environment.getProperty("local.server.port"), environment.getProperty("local.management.port"));
        }

        @PostMapping("/orders/{id}")
        String order(@PathVariable String id) {
            orders.send(id);
            return id;
        }

        @Binding("orders")
        void handle(String id) {
            try {
                Files.writeString(handled, id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        /** Answers only when intake has stopped, by two tasks of Spring's executor, of which one begins as late as that. */
        @GetMapping("/late")
        CompletableFuture<String> late() {
            return CompletableFuture.runAsync(this::awaitDrain, tasks)
                    .thenCompose((nothing) -> CompletableFuture.supplyAsync(() -> "late", tasks));
        }

        private void awaitDrain() {
            try {
                draining.await();
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        }

        @OnDrain(OnDrain.Stage.INTAKE)
        void drain() {
            draining.countDown();
        }

        @PostMapping("/close")
        void close() {
            new Thread(context::close).start(); // this request is one of those that the close waits for
        }
    }
}
