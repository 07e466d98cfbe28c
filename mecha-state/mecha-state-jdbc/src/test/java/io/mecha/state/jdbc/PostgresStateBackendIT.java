// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresStateBackendIT extends ServerContract {

    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    protected String adapter() {
        return "jdbc-postgresql";
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(
                Transactions.class,
                KeyScan.class,
                Leases.class,
                SurroundingTransaction.class,
                ChangeNotifications.class);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(new PooledOutage(server.proxy(), List.of(server.first(), server.second())));
    }

    @Override
    DataSource first() {
        return server.first();
    }

    @Override
    DataSource second() {
        return server.second();
    }

    @Override
    DataSource direct() {
        return server.direct();
    }
}
