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
 * @param maxAge How long an answer is used again, so that many who ask cost a component no more than one.
 */
@ConfigurationProperties("mecha.health")
record HealthProperties(
        @DefaultValue("2s") Duration timeout,
        @DefaultValue("1s") Duration maxAge) {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    HealthProperties {
        timeout = Objects.requireNonNullElse(timeout, TIMEOUT); // one that cannot be read is reported by others
        maxAge = Objects.requireNonNullElse(maxAge, MAX_AGE);
    }

    /** Reads the properties; adds what cannot be read to the mistakes. */
    static HealthProperties read(Environment environment, MistakeCollector mistakes) {
        return Binder.get(environment)
                .bind("mecha.health", Bindable.of(HealthProperties.class), mistakes)
                .orElseGet(() -> new HealthProperties(TIMEOUT, MAX_AGE));
    }
}
