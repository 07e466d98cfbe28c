// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.test.MariaDbServer;
import io.mecha.test.Outage;
import io.mecha.test.TcpProxy;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class MariaDbBindingBackendIT extends JdbcContract {

    @TempDir
    private static Path directory;

    private static MariaDbServer server;
    private static TcpProxy proxy;
    private static Nodes nodes;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.start(directory);
        proxy = new TcpProxy(server.port());
        nodes = Nodes.of(server.url(proxy.port()), server.url(server.port()));
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            nodes.close();
            proxy.close();
            server.close();
        }
    }

    @Override
    protected String adapter() {
        return "jdbc-mariadb";
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
