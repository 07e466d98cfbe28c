// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.workload.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An application of Spring Cloud Stream with one function. */
final class StreamApplication implements AutoCloseable {

    private static final String BINDER = "--spring.cloud.stream.kafka.binder.";
    private static final String BINDING = "--spring.cloud.stream.bindings.";

    private final ConfigurableApplicationContext context;

    private StreamApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts an application that hands what is in a topic to a function. */
    static StreamApplication consuming(Topics topics, String topic, Consumer<Order> function) {
        return start(
                topics,
                function,
                "--spring.cloud.function.definition=take",
                BINDING + "take-in-0.destination=" + topic,
                BINDING + "take-in-0.group=" + topics.newGroup());
    }

    /** Starts an application whose bridge sends to a topic; confirmations are counted. */
    static StreamApplication producing(Topics topics, String topic) {
        return start(
                topics,
                order -> {},
                "--spring.cloud.function.definition=none",
                BINDING + "give.destination=" + topic,
                BINDER + "producer-properties.interceptor.classes=" + Confirmations.class.getName());
    }

    private static StreamApplication start(Topics topics, Consumer<Order> function, String... more) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add(BINDER + "brokers=" + topics.servers());
        arguments.add("--spring.jmx.enabled=false");
        topics.producer().forEach((name, value) -> {
            if (!name.equals(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
                arguments.add(BINDER + "producer-properties." + name + "=" + value);
            }
        });
        return new StreamApplication(new SpringApplicationBuilder(Configuration.class)
                .initializers(
                        application -> application.getBeanFactory().registerSingleton("target", new Target(function)))
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .run(arguments.toArray(new String[0])));
    }

    StreamBridge bridge() {
        return context.getBean(StreamBridge.class);
    }

    @Override
    public void close() {
        context.close();
    }

    /** Holds a function that is no bean, since Spring Cloud Function would take every one that is. */
    record Target(Consumer<Order> function) {}

    /** The application. */
    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Configuration {

        @Bean
        Consumer<Order> take(Target target) {
            return order -> target.function().accept(order);
        }
    }
}
