// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.test.Outage;
import io.mecha.test.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Break the way to a server, but not while a pool looks whether a connection is alive.
 *
 * <p>A pool asks a connection that was idle for half a second, before it hands it out. If that answer were lost, the call would
 * have no connection, and would rightly say that it did nothing.
 *
 * @param proxy stands before the server
 * @param pool connects through it
 */
record PooledOutage(TcpProxy proxy, HikariDataSource pool) implements Outage {

    @Override
    public void cut() {
        proxy.cut();
    }

    @Override
    public void stall() {
        proxy.stall();
    }

    @Override
    public void cutDuring(Runnable call) {
        pool.getHikariPoolMXBean().softEvictConnections();
        try (Connection used = pool.getConnection()) {
            used.isValid(1);
        } catch (SQLException unreachable) {
            throw new IllegalStateException(unreachable);
        }
        proxy.cutDuring(call);
    }

    @Override
    public void restore() {
        proxy.restore();
    }
}
