// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.test.Outage;
import io.mecha.test.TcpProxy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresBindingBackendIT extends JdbcContract {

    private static EmbeddedPostgres postgres;
    private static TcpProxy proxy;
    private static Nodes nodes;

    @BeforeAll
    static void start() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        proxy = new TcpProxy(postgres.getPort());
        nodes = Nodes.of(url(proxy.port()), url(postgres.getPort()));
    }

    static String url(int port) {
        return "jdbc:postgresql://localhost:%d/postgres?user=postgres".formatted(port);
    }

    @AfterAll
    static void stop() throws IOException {
        nodes.close();
        proxy.close();
        postgres.close();
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
