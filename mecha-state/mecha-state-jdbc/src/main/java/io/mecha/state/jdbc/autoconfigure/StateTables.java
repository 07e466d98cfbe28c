// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.jdbc.autoconfigure.TableOptions;
import io.mecha.state.jdbc.JdbcStateBackendFactory;
import io.mecha.state.jdbc.JdbcStateOptions;
import io.mecha.state.jdbc.JdbcStateOptions.InitializeSchema;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeansException;
import org.springframework.core.env.Environment;

/**
 * The tables of configured stores, made when this bean is.
 *
 * <p>Depends on data sources only: as an initializer of the database, the store itself would lead into a circle with beans that
 * need both, such as a transaction manager of JPA. What cannot be made is left to the store, which tries again and reports it.
 */
final class StateTables {

    private static final Logger LOG = LoggerFactory.getLogger(StateTables.class);

    StateTables(Environment environment, JdbcStateBackendFactory.DataSources dataSources) {
        Set<JdbcStateOptions> done = new HashSet<>();
        new TableOptions(environment, "mecha.state", "stores")
                .read(JdbcStateOptions.class)
                .forEach((store, options) -> {
                    if (options.initializeSchema() != InitializeSchema.NEVER && done.add(options)) {
                        create(store, options, dataSources);
                    }
                });
    }

    private static void create(
            String store, JdbcStateOptions options, JdbcStateBackendFactory.DataSources dataSources) {
        try {
            JdbcStateBackendFactory.createTable(store, dataSources.find(store, options.dataSource()), options);
        } catch (BeansException | InvalidConfigurationException unusable) {
            LOG.debug("State store '{}' has no tables yet", store, unusable);
        }
    }
}
