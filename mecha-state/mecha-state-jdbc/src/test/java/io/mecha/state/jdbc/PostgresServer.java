// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import javax.sql.DataSource;

/** Run PostgreSQL, with a proxy before it and the pools of two nodes before that. */
final class PostgresServer implements AutoCloseable {

    private static final int POOL = 16;

    private final EmbeddedPostgres postgres;
    private final FaultyProxy proxy;
    private final HikariDataSource first;
    private final HikariDataSource second;

    PostgresServer() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        proxy = new FaultyProxy(postgres.getPort());
        first = DataSources.impatientPool(url(), POOL);
        second = DataSources.impatientPool(url(), POOL);
    }

    /** The proxy reads statements, so the driver has to send them as text each time. */
    String url() {
        return "jdbc:postgresql://localhost:%d/postgres?user=postgres&prepareThreshold=0".formatted(proxy.port());
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
        return postgres.getPostgresDatabase();
    }

    @Override
    public void close() throws IOException {
        first.close();
        second.close();
        proxy.close();
        postgres.close();
    }
}
