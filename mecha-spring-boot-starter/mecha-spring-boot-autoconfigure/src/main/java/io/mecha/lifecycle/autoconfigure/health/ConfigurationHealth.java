// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.health;

import io.mecha.lifecycle.configuration.ConfigurationReloader;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The health of the configuration: unknown while changed files are rejected. The application works with the former ones, so that
 * nobody should take it out of service for that.
 */
final class ConfigurationHealth implements HealthIndicator {

    private final ConfigurationReloader reloader;

    ConfigurationHealth(ConfigurationReloader reloader) {
        this.reloader = reloader;
    }

    @Override
    public Health health() {
        String rejection = reloader.rejection();
        Health.Builder health =
                rejection == null ? Health.up() : Health.unknown().withDetail("rejected", rejection);
        return health.withDetail("revision", reloader.revision()).build();
    }
}
