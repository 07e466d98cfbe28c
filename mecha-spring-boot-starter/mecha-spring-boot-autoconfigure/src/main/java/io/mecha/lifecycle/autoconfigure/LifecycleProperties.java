// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Lifecycle properties.
 *
 * @param config Reload of configuration while the application runs.
 */
@ConfigurationProperties("mecha.lifecycle")
record LifecycleProperties(@DefaultValue Config config) {

    static final String WATCH = "mecha.lifecycle.config.watch";

    /**
     * Reload of configuration.
     *
     * @param watch What to watch: trees of files, as 'configtree:/etc/config/', and files, as 'file:/etc/app/application.yaml', that
     *     spring.config.import or spring.config.location reads. When one changes, the whole configuration is read again.
     * @param interval How often to look for changes.
     * @param refreshScope Whether beans of Spring Cloud with '@RefreshScope' and mutable ones with '@ConfigurationProperties' are made or
     *     bound again.
     */
    record Config(
            @DefaultValue List<String> watch,
            @DefaultValue("200ms") Duration interval,
            @DefaultValue("false") boolean refreshScope) {}
}
