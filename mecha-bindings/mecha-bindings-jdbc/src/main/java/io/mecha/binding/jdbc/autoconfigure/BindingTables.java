// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.binding.jdbc.JdbcBindingBackendFactory;
import io.mecha.binding.jdbc.JdbcBindingOptions;
import io.mecha.binding.jdbc.JdbcBindingOptions.InitializeSchema;
import io.mecha.jdbc.autoconfigure.TableOptions;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.core.env.Environment;

/**
 * The tables of configured channels and outboxes, made when this bean is.
 *
 * <p>Depends on data sources only: as an initializer of the database, the engine itself would lead into a circle with beans that
 * need both, such as a transaction manager of JPA. What cannot be made is left to the channel, which tries again and reports it.
 */
final class BindingTables {

    private static final Logger LOG = LoggerFactory.getLogger(BindingTables.class);

    BindingTables(Environment environment, JdbcBindingBackendFactory.DataSources dataSources) {
        Set<JdbcBindingOptions> done = new HashSet<>();
        new TableOptions(environment, "mecha.bindings", "channels", "out.outbox")
                .read(JdbcBindingOptions.class)
                .forEach((channel, options) -> {
                    if (options.initializeSchema() != InitializeSchema.NEVER && done.add(options)) {
                        create(channel, options, dataSources);
                    }
                });
    }

    private static void create(
            String channel, JdbcBindingOptions options, JdbcBindingBackendFactory.DataSources dataSources) {
        try {
            JdbcBindingBackendFactory.createTables(dataSources.find(channel, options.dataSource()), options);
        } catch (BeansException | InvalidConfigurationException unusable) {
            LOG.debug("Channel '{}' has no tables yet", channel, unusable);
        }
    }
}
