// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.metrics;

import io.mecha.lifecycle.configuration.ConfigurationReloader;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of watched configuration: {@code mecha.configuration.reloads}, by outcome. */
final class ConfigurationMetrics implements MeterBinder {

    private static final String NAME = "mecha.configuration.reloads";

    private final ConfigurationReloader reloader;

    ConfigurationMetrics(ConfigurationReloader reloader) {
        this.reloader = reloader;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder(NAME, reloader, ConfigurationReloader::revision)
                .tag("outcome", "applied")
                .description("Changes of configuration that are in force")
                .register(registry);
        FunctionCounter.builder(NAME, reloader, ConfigurationReloader::rejections)
                .tag("outcome", "rejected")
                .description("Changes of configuration that were rejected")
                .register(registry);
    }
}
