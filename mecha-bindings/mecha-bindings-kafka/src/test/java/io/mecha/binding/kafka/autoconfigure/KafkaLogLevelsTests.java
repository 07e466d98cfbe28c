// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

class KafkaLogLevelsTests {

    private static final String CONSUMER = "logging.level.org.apache.kafka.clients.consumer.ConsumerConfig";

    private final StandardEnvironment environment = new StandardEnvironment();

    private String level() {
        SpringFactoriesLoader.forDefaultResourceLocation()
                .load(EnvironmentPostProcessor.class, (type, name, failure) -> {})
                .stream()
                .filter(KafkaLogLevels.class::isInstance)
                .forEach(found -> found.postProcessEnvironment(environment, new SpringApplication()));
        return environment.getProperty(CONSUMER, "none");
    }

    @Test
    void keepsTheConfigurationOfEachClientOutOfTheLog() {
        assertThat(level()).isEqualTo("warn");
        assertThat(environment.getProperty("logging.level.org.apache.kafka.clients.admin.AdminClientConfig"))
                .isEqualTo("warn");
        assertThat(environment.getProperty("logging.level.org.apache.kafka.clients.producer.ProducerConfig"))
                .isEqualTo("warn");
    }

    @ParameterizedTest
    @ValueSource(strings = {"logging.level.org.apache.kafka", "logging.level.org.apache", CONSUMER})
    void leavesItToTheApplicationWhereThatSaysSomething(String property) {
        environment.getPropertySources().addFirst(new MapPropertySource("application", Map.of(property, "info")));

        assertThat(level()).isEqualTo(property.equals(CONSUMER) ? "info" : "none");
    }
}
