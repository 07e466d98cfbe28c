// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.test.Outage;
import io.mecha.test.TcpProxy;
import io.mecha.test.server.PostgresDatabase;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresBindingBackendIT extends JdbcContract {

    private static TcpProxy proxy;
    private static Nodes nodes;

    @BeforeAll
    static void start() throws IOException {
        PostgresDatabase database = PostgresDatabase.create();
        proxy = new TcpProxy(database.port());
        nodes = Nodes.of(database.url(proxy.port()), database.url(database.port()));
    }

    @AfterAll
    static void stop() throws IOException {
        nodes.close();
        proxy.close();
    }

    @Override
    protected String adapter() {
        return "jdbc-postgresql";
    }

    @Override
    Nodes nodes() {
        return nodes;
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(new PooledOutage(proxy, nodes.first()));
    }
}
