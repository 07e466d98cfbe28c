// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A factory of backends of type {@code jdbc}: a table of a data source.
 *
 * @since 1.0
 */
public final class JdbcStateBackendFactory implements StateBackendFactory {

    private final DataSources dataSources;

    /**
     * Create a factory.
     *
     * @param dataSources finds the data source of a store, when it is made
     */
    public JdbcStateBackendFactory(DataSources dataSources) {
        this.dataSources = Objects.requireNonNull(dataSources, "dataSources");
    }

    /**
     * The data sources of the application.
     *
     * @since 1.0
     */
    @FunctionalInterface
    public interface DataSources {

        /**
         * Find the data source of a store.
         *
         * @param store name of the store, for messages
         * @param name name of the data source; {@code null} for the only one
         * @return the data source
         * @throws io.mecha.InvalidConfigurationException if there is none, or none of that name, or several
         */
        DataSource find(String store, @Nullable String name);
    }

    @Override
    public String type() {
        return JdbcAssembly.TYPE;
    }

    @Override
    public boolean sharesKeys() {
        return true;
    }

    @Override
    public StateBackend create(Settings settings) {
        JdbcStateOptions options = settings.options(JdbcStateOptions.class);
        DataSource dataSource = dataSources.find(settings.store(), options.dataSource());
        return JdbcAssembly.build(settings.store(), dataSource, options, settings.announcesChanges(), settings.clock());
    }

    /**
     * Create the table of a store unless it is there, and wait for it as long as a call does.
     *
     * @param store name of the store, for messages
     * @param dataSource where connections come from
     * @param options options of the table
     * @return whether the table is there now
     * @throws io.mecha.InvalidConfigurationException if the options cannot work
     */
    public static boolean createTable(String store, DataSource dataSource, JdbcStateOptions options) {
        try (JdbcStateBackend backend = JdbcStateBackend.create(store, dataSource, options, false)) {
            return backend.isReady();
        }
    }
}
