// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Transactions;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class H2StateBackendTests extends ServerContract {

    private static HikariDataSource first;
    private static HikariDataSource second;

    private final TestClock clock = new TestClock();

    @BeforeAll
    static void start() {
        first = DataSources.pool("jdbc:h2:mem:contract;DB_CLOSE_DELAY=-1", 16);
        second = DataSources.pool("jdbc:h2:mem:contract", 16);
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @Override
    protected String adapter() {
        return "jdbc-h2";
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, Leases.class, SurroundingTransaction.class);
    }

    @Override
    protected InstantSource clock() {
        return clock;
    }

    @Override
    protected void advance(Duration duration) {
        clock.advance(duration);
    }

    @Override
    protected boolean setClock(Duration difference) {
        clock.jump(difference);
        return true;
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
        return first;
    }
}
