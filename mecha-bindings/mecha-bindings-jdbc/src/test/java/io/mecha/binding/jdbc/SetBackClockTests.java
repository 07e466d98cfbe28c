// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.Function;
import org.sqlite.SQLiteDataSource;

/** A clock of the machine that is set back while delays and leases run. */
class SetBackClockTests {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final long IN_A_WHILE = 6_000;
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @TempDir
    Path directory;

    private final AtomicLong setBack = new AtomicLong();
    private final List<Delivery> received = new CopyOnWriteArrayList<>();
    private HikariDataSource pool;
    private BindingBackend backend;

    @BeforeEach
    void open() {
        SQLiteDataSource file = new SQLiteDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                Function.create(connection, "unixepoch", new MachineClock(setBack));
                return connection;
            }
        };
        file.setUrl("jdbc:sqlite:" + directory.resolve("queue.db") + "?journal_mode=WAL&busy_timeout=5000");
        HikariConfig config = new HikariConfig();
        config.setDataSource(file);
        config.setMaximumPoolSize(4);
        pool = new HikariDataSource(config);
        backend = TestSettings.backend(TestSettings.factory(pool), "orders");
    }

    @AfterEach
    void close() {
        backend.close();
        pool.close();
    }

    /** The clock as SQLite asks for it. */
    private static final class MachineClock extends Function {

        private final AtomicLong setBack;

        MachineClock(AtomicLong setBack) {
            this.setBack = setBack;
        }

        @Override
        protected void xFunc() throws SQLException {
            result((System.currentTimeMillis() - setBack.get()) / 1_000.0);
        }
    }

    @Test
    void deliversWhatIsDueByElapsedTime() throws Exception {
        send();
        hide(null);

        deliversAfterTheClockIsSetBack();
    }

    @Test
    void freesWhatAnOwnerThatEndedHolds() throws Exception {
        send();
        hide("ended");

        deliversAfterTheClockIsSetBack();
    }

    private void deliversAfterTheClockIsSetBack() {
        MessageConsumer consumer = backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(ConsumerRequest.of("group", 10), received::addAll);
        eventually(
                SOON,
                () -> assertThat(((JdbcConsumer) consumer).elapsed().known()).isEqualTo(1));

        setBack.set(HOUR);

        eventually(SOON, () -> assertThat(received).hasSize(1));
        consumer.close();
    }

    private void send() {
        backend.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send("id", Message.received(null, null, Map.of(), Map.of(), new byte[1]))
                .toCompletableFuture()
                .join();
    }

    /** Make the message due later: because it is delayed, or because an owner has it. */
    private void hide(String owner) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("update mecha_message set owner = ?, visible_at = ?")) {
            statement.setString(1, owner);
            statement.setLong(2, System.currentTimeMillis() + IN_A_WHILE);
            statement.executeUpdate();
        }
    }
}
