// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.test.Outage;
import java.util.List;

/**
 * Break the way to a server, and let the pools notice.
 *
 * <p>A pool hands out a connection that was used a moment ago without looking whether it is still alive. A write on it
 * fails before anything is sent, but no driver can tell. So idle connections are dropped, as the pools would do themselves
 * half a second later.
 *
 * @param proxy stands before the server
 * @param pools connect through it
 */
record PooledOutage(FaultyProxy proxy, List<HikariDataSource> pools) implements Outage {

    @Override
    public void cut() {
        proxy.cut();
        pools.forEach(pool -> pool.getHikariPoolMXBean().softEvictConnections());
    }

    @Override
    public void stall() {
        proxy.stall();
    }

    @Override
    public void cutDuring(Runnable call) {
        proxy.cutDuring(call);
    }

    @Override
    public void restore() {
        proxy.restore();
    }
}
