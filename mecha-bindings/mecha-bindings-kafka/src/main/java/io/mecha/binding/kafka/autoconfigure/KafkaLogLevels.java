// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertyResolver;

/**
 * Log levels of what each of Kafka's clients prints when it is made, about a hundred lines of its configuration: WARN, unless the
 * application says something of Kafka's loggers itself. A channel makes several clients.
 */
final class KafkaLogLevels implements EnvironmentPostProcessor {

    private static final String LEVEL = "logging.level.";
    private static final List<String> LOGGERS = List.of(
            "org.apache.kafka.clients.admin.AdminClientConfig",
            "org.apache.kafka.clients.consumer.ConsumerConfig",
            "org.apache.kafka.clients.producer.ProducerConfig");

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> levels = new LinkedHashMap<>();
        for (String logger : LOGGERS) {
            if (!isSet(logger, environment)) {
                levels.put(LEVEL + logger, "warn");
            }
        }
        environment.getPropertySources().addLast(new MapPropertySource("mechaKafkaLogLevels", levels));
    }

    /** Tells whether there is a level for a logger, or for one that it would get its level from. */
    private static boolean isSet(String logger, PropertyResolver environment) {
        for (String name = logger; name.contains("."); name = name.substring(0, name.lastIndexOf('.'))) {
            if (environment.containsProperty(LEVEL + name)) {
                return true;
            }
        }
        return false;
    }
}
