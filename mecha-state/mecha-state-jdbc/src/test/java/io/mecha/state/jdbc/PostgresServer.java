// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.test.server.PostgresDatabase;
import java.io.IOException;
import javax.sql.DataSource;

/** A database of PostgreSQL, with a proxy before it and the pools of two nodes before that. */
final class PostgresServer implements AutoCloseable {

    private static final int POOL = 16;

    private final PostgresDatabase database = PostgresDatabase.create();
    private final FaultyProxy proxy;
    private final HikariDataSource first;
    private final HikariDataSource second;

    PostgresServer() throws IOException {
        proxy = new FaultyProxy(database.port());
        first = DataSources.impatientPool(url(), POOL);
        second = DataSources.impatientPool(url(), POOL);
    }

    /** The proxy reads statements, so the driver has to send them as text each time. */
    String url() {
        return database.url(proxy.port()) + "&prepareThreshold=0";
    }

    FaultyProxy proxy() {
        return proxy;
    }

    HikariDataSource first() {
        return first;
    }

    HikariDataSource second() {
        return second;
    }

    DataSource direct() {
        return database.dataSource();
    }

    @Override
    public void close() throws IOException {
        first.close();
        second.close();
        proxy.close();
    }
}
