// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import java.time.Duration;
import java.util.Objects;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * Health properties.
 *
 * @param timeout Longest time that one component may take to give a sign of life.
 */
@ConfigurationProperties("mecha.health")
record HealthProperties(@DefaultValue("2s") Duration timeout) {

    private static final Duration DEFAULT = Duration.ofSeconds(2);

    HealthProperties {
        timeout = Objects.requireNonNullElse(timeout, DEFAULT); // one that cannot be read is reported by others
    }

    /** Reads the properties; adds what cannot be read to the mistakes. */
    static HealthProperties read(Environment environment, MistakeCollector mistakes) {
        return Binder.get(environment)
                .bind("mecha.health", Bindable.of(HealthProperties.class), mistakes)
                .orElseGet(() -> new HealthProperties(DEFAULT));
    }
}
