// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What happens to a file of SQLite while channels use it. */
class SqliteFileFaultTests {

    private static final int LARGE = 100_000;
    private static final int PAGE = 4096;
    private static final String GROW = "insert into application values (randomblob(400000))";

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private HikariDataSource pool;
    private BindingBackend backend;

    @BeforeEach
    void open() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + file("queue.db") + "?journal_mode=WAL&busy_timeout=5000");
        config.setMaximumPoolSize(1);
        pool = new HikariDataSource(config);
        backend = TestSettings.backend(TestSettings.factory(pool), "orders");
        send(10);
    }

    @AfterEach
    void close() {
        backend.close();
        pool.close();
    }

    @Test
    void refusesMessagesForAFileThatWasRemoved() throws Exception {
        Files.delete(file("queue.db"));

        refused("queue.db' was removed");
    }

    @Test
    void refusesMessagesWhenTheJournalWasRemoved() throws Exception {
        Files.delete(file("queue.db-wal"));

        refused("queue.db-wal' was removed");
    }

    @Test
    void refusesMessagesForAFileThatWasReplaced() throws Exception {
        Path copy = Files.copy(file("queue.db"), elsewhere.resolve("copy"));
        Files.move(copy, file("queue.db"), StandardCopyOption.REPLACE_EXISTING);

        refused("queue.db' was replaced");
    }

    @Test
    void refusesMessagesWhenTheJournalWasTruncated() throws Exception {
        send(LARGE);
        send(10); // sees how long it is
        try (FileChannel channel = FileChannel.open(file("queue.db-wal"), StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }

        refused("queue.db-wal' was truncated");
    }

    @Test
    void refusesMessagesWhenTheFileWasTruncated() throws Exception {
        run("create table application (content blob)", GROW, "pragma wal_checkpoint(passive)");
        send(10); // sees how long it is
        try (FileChannel channel = FileChannel.open(file("queue.db"), StandardOpenOption.WRITE)) {
            channel.truncate(PAGE);
        }

        refusedOutsideATransaction("queue.db' was truncated");
    }

    @Test
    void goesOnWithAFileThatGrowsInTheJournalAfterItWasVacuumed() throws Exception {
        run("create table application (content blob)", GROW, "pragma wal_checkpoint(passive)");
        send(10); // sees how long it is
        run("delete from application", "vacuum", "pragma wal_checkpoint(passive)");
        run(GROW);

        send(10);
        backend.ping();
        new TransactionTemplate(new DataSourceTransactionManager(pool)).executeWithoutResult(status -> send(10));
    }

    @Test
    void goesOnWithAVacuumedFileThatGrowsInTheTransactionOfAMessage() throws Exception {
        run("create table application (content blob)", GROW, "pragma wal_checkpoint(passive)");
        send(10); // sees how long it is
        run("delete from application", "vacuum", "pragma wal_checkpoint(passive)");

        insertAndSend();
        send(10);
        backend.ping();
    }

    @Test
    void goesOnWithAVacuumedFileWithoutAJournalThatGrowsInTheTransactionOfAMessage() throws Exception {
        run("pragma journal_mode = delete", "create table application (content blob)", GROW);
        send(10); // sees how long it is
        run("delete from application", "vacuum");

        insertAndSend();
        send(10);
        backend.ping();
    }

    @Test
    void goesOnWhenAllConnectionsWereClosedAndTheJournalWithThem() {
        pool.getHikariPoolMXBean().softEvictConnections();

        send(10);
        backend.ping();
        assertThat(file("queue.db-wal")).exists();
    }

    @Test
    void goesOnWhenThereIsRoomAgain() throws Exception {
        limit(1);
        fill();

        refused("full");

        limit(1_000_000);
        send(LARGE);
        backend.ping();
    }

    /** Leave no page that a message could use. */
    private void fill() {
        for (int size = LARGE; size > 0; size /= 2) {
            boolean sent = true;
            while (sent) {
                sent = fits(size);
            }
        }
    }

    private boolean fits(int size) {
        try {
            send(size);
            return true;
        } catch (CompletionException full) {
            return false;
        }
    }

    private void refused(String words) {
        refusedOutsideATransaction(words);
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> transaction.executeWithoutResult(status -> send(10)))
                .withMessageContaining(words);
    }

    private void refusedOutsideATransaction(String words) {
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(() -> send(10))
                .withCauseInstanceOf(SendException.class)
                .withMessageContaining(words);
        assertThatExceptionOfType(BindingBackendException.class)
                .isThrownBy(() -> backend.ping())
                .withMessageContaining(words);
    }

    private void send(int bytes) {
        backend.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send("id", Message.received(null, null, Map.of(), Map.of(), new byte[bytes]))
                .toCompletableFuture()
                .join();
    }

    private void insertAndSend() {
        DataSourceTransactionManager manager = new DataSourceTransactionManager(pool);
        JdbcTemplate application = new JdbcTemplate(pool);
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            application.execute(GROW);
            send(10);
        });
    }

    private void run(String... statements) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Limit the file on the only connection; never below what it has. */
    private void limit(int pages) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma max_page_count = " + pages)) {
            row.next();
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
