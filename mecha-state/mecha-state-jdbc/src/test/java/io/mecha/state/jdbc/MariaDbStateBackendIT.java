// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import io.mecha.test.server.MariaDbDatabase;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MariaDbStateBackendIT extends ServerContract {

    private static MariaDbDatabase database;
    private static FaultyProxy proxy;
    private static HikariDataSource first;
    private static HikariDataSource second;
    private static HikariDataSource direct;

    @BeforeAll
    static void start() throws Exception {
        database = MariaDbDatabase.create();
        proxy = new FaultyProxy(database.port());
        first = DataSources.impatientPool(database.url(proxy.port()), 16);
        second = DataSources.impatientPool(database.url(proxy.port()), 16);
        direct = DataSources.pool(database.url(database.port()), 2);
    }

    @AfterAll
    static void stop() throws Exception {
        if (database != null) {
            direct.close();
            second.close();
            first.close();
            proxy.close();
        }
    }

    @Override
    protected String adapter() {
        return "jdbc-mariadb";
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, Leases.class, SurroundingTransaction.class);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(new PooledOutage(proxy, List.of(first, second)));
    }

    @Override
    DataSource first() {
        return first;
    }

    @Override
    DataSource second() {
        return second;
    }

    @Override
    DataSource direct() {
        return direct;
    }
}
