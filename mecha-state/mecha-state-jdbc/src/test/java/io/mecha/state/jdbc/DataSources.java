// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Make pools as an application would have them. */
final class DataSources {

    private DataSources() {}

    /** Make a pool that soon gives up when its server is gone. */
    static HikariDataSource impatientPool(String url, int size) {
        return pool(url, size, 1_000);
    }

    static HikariDataSource pool(String url, int size) {
        return pool(url, size, 10_000);
    }

    private static HikariDataSource pool(String url, int size, long connectionTimeout) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(connectionTimeout);
        config.setValidationTimeout(500);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
