// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mecha.binding.Ordering;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Groups;
import io.mecha.test.Outage;
import io.mecha.test.TcpProxy;
import io.mecha.test.Together;
import io.mecha.test.server.MariaDbDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class MariaDbBindingBackendIT extends JdbcContract {

    private static MariaDbDatabase database;
    private static TcpProxy proxy;
    private static Nodes nodes;

    @BeforeAll
    static void start() throws Exception {
        database = MariaDbDatabase.create();
        proxy = new TcpProxy(database.port());
        nodes = Nodes.of(database.url(proxy.port()), database.url(database.port()));
    }

    @AfterAll
    static void stop() throws Exception {
        if (database != null) {
            nodes.close();
            proxy.close();
        }
    }

    @Test
    void makesAGroupTogetherWithOthersWithoutAWarningOfTheDriver() throws Exception {
        Logger driver = (Logger) LoggerFactory.getLogger("org.mariadb.jdbc");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        driver.addAppender(log);
        try {
            for (int round = 0; round < 20; round++) {
                String destination = "together-" + round;
                List<Callable<Boolean>> makers = new ArrayList<>();
                List<BindingBackend> opened = new ArrayList<>();
                for (int node = 0; node < 4; node++) {
                    BindingBackend backend = backend(destination);
                    opened.add(backend);
                    Groups groups = backend.capabilities().find(Groups.class).orElseThrow();
                    makers.add(() -> {
                        groups.declare("group", Ordering.NONE);
                        return true;
                    });
                }
                Together.run(makers);
                opened.forEach(BindingBackend::close);
            }
        } finally {
            driver.detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(message -> message.contains("1062") || message.contains("Duplicate"));
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
