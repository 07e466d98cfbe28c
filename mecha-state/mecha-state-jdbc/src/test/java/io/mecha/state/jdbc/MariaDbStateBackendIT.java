// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Transactions;
import io.mecha.test.MariaDbServer;
import io.mecha.test.Outage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MariaDbStateBackendIT extends ServerContract {

    @TempDir
    static Path directory;

    private static MariaDbServer server;
    private static FaultyProxy proxy;
    private static HikariDataSource first;
    private static HikariDataSource second;
    private static HikariDataSource direct;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.start(directory);
        proxy = new FaultyProxy(server.port());
        first = DataSources.impatientPool(server.url(proxy.port()), 16);
        second = DataSources.impatientPool(server.url(proxy.port()), 16);
        direct = DataSources.pool(server.url(server.port()), 2);
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            direct.close();
            second.close();
            first.close();
            proxy.close();
            server.close();
        }
    }

    @Override
    protected String adapter() {
        return "jdbc-mariadb";
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, SurroundingTransaction.class);
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
