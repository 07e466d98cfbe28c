// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.state.jdbc.Writes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.InvalidConfigurationException;
import io.mecha.jdbc.FileWatch;
import io.mecha.state.StateBackendException;
import io.mecha.state.jdbc.EmbeddedStateOptions;
import io.mecha.state.jdbc.JdbcStateBackend;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to an embedded file while it is open. */
class EmbeddedFileFaultTests {

    private static final String LARGE = "x".repeat(200_000);

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    @Test
    void goesOnWhenThereIsRoomAgain() throws Exception {
        try (StateBackend backend = open()) {
            backend.write(put("key", "before"));
            fill(backend);

            refused(() -> backend.write(put("key", LARGE)), "full");
            refused(() -> backend.writeAll(List.of(put("a", LARGE), put("b", LARGE))), "full");
            refused(() -> transactions(backend).execute(List.of(put("a", LARGE), put("b", LARGE))), "full");
            assertThat(text(backend, "key")).isEqualTo("before");
            assertThat(text(backend, "a")).isNull();

            limit(1_000_000);
            assertThatCode(backend::ping).doesNotThrowAnyException();
            backend.write(put("key", LARGE));
            backend.writeAll(List.of(put("a", LARGE), put("b", LARGE)));
            transactions(backend).execute(List.of(put("c", LARGE), put("d", LARGE)));
            assertThat(backend.readAll(List.of("key", "a", "b", "c", "d"))).hasSize(5);
        }
        try (StateBackend backend = open()) {
            assertThat(backend.readAll(List.of("key", "a", "b", "c", "d"))).hasSize(5);
        }
    }

    @Test
    void givesNoSignOfLifeWhileTheDiskIsFull() throws Exception {
        try (StateBackend backend = open()) {
            fill(backend);

            refused(backend::ping, "full");

            limit(1_000_000);
            backend.ping();
        }
    }

    @Test
    void refusesWritesToAFileThatWasRemoved() throws Exception {
        try (StateBackend backend = open()) {
            backend.write(put("key", "value"));
            Files.delete(file("mecha.db"));

            refusesAll(backend, "mecha.db' was removed");
        }
    }

    @Test
    void refusesWritesWhenTheJournalWasRemoved() throws Exception {
        try (StateBackend backend = open()) {
            backend.write(put("key", "value"));
            Files.delete(file("mecha.db-wal"));

            refusesAll(backend, "mecha.db-wal' was removed");
        }
    }

    @Test
    void refusesWritesToAFileThatWasReplaced() throws Exception {
        try (StateBackend backend = open()) {
            backend.write(put("key", "value"));
            Path copy = Files.copy(file("mecha.db"), elsewhere.resolve("copy"));
            Files.move(copy, file("mecha.db"), StandardCopyOption.REPLACE_EXISTING);

            refusesAll(backend, "mecha.db' was replaced");
        }
    }

    @Test
    void refusesWritesToAFileThatWasTruncated() throws Exception {
        populate();
        try (StateBackend backend = open()) {
            backend.write(put("key", "value"));
            truncate(file("mecha.db"));

            refusesAll(backend, "mecha.db' was truncated");
        }
    }

    @Test
    void refusesWritesWhenTheJournalWasTruncated() throws Exception {
        try (StateBackend backend = open()) {
            backend.write(put("key", "value"));
            truncate(file("mecha.db-wal"));

            refusesAll(backend, "mecha.db-wal' was truncated");
        }
    }

    @Test
    void goesOnWithAFileThatIsBack() throws Exception {
        try (StateBackend backend = open()) {
            Path away = Files.move(file("mecha.db"), directory.resolve("away"));
            refused(() -> backend.write(put("key", "value")), "was removed");

            Files.move(away, file("mecha.db"));
            backend.write(put("key", "value"));
            assertThat(text(backend, "key")).isEqualTo("value");
        }
    }

    @Test
    void goesOnWithAFileThatSomebodyVacuumed() throws Exception {
        populate();
        try (StateBackend backend = open()) {
            backend.write(put("key", "value"));
            long before = Files.size(file("mecha.db"));
            other("delete from mecha_state where state_key <> 'key'", "vacuum", "pragma wal_checkpoint(restart)");
            assertThat(Files.size(file("mecha.db"))).isLessThan(before);

            backend.write(put("key", "other"));
            assertThat(text(backend, "key")).isEqualTo("other");
        }
    }

    @Test
    void goesOnWithAFileThatGrowsInTheJournalAfterSomebodyVacuumed() throws Exception {
        populate();
        try (StateBackend backend = open()) {
            backend.write(put("key", "value"));
            other("delete from mecha_state where state_key <> 'key'", "vacuum", "pragma wal_checkpoint(restart)");
            other("create table grown as select randomblob(400000)");

            backend.write(put("key", "other"));
            assertThatCode(backend::ping).doesNotThrowAnyException();
            assertThat(text(backend, "key")).isEqualTo("other");
        }
    }

    @Test
    void goesOnWithAJournalThatSomebodyEmptied() throws Exception {
        try (StateBackend backend = open()) {
            backend.write(put("key", LARGE));
            other("pragma wal_checkpoint(truncate)");
            assertThat(file("mecha.db-wal")).isEmptyFile();

            backend.write(put("key", "second"));
            assertThat(text(backend, "key")).isEqualTo("second");
            backend.write(put("key", LARGE));
            other("pragma wal_checkpoint(truncate)", "delete from mecha_state where state_key = 'none'");

            assertThatCode(backend::ping).doesNotThrowAnyException();
            backend.write(put("key", "third"));
            assertThat(text(backend, "key")).isEqualTo("third");
        }
        try (StateBackend backend = open()) {
            assertThat(text(backend, "key")).isEqualTo("third");
        }
    }

    @Test
    void refusesWritesWhenTheEndOfTheJournalIsGone() throws Exception {
        try (StateBackend backend = open()) {
            backend.write(put("key", LARGE));
            backend.ping(); // sees how long it is
            long before = Files.size(file("mecha.db-wal"));
            truncate(file("mecha.db-wal"), before / 2);

            refusesAll(backend, "mecha.db-wal' was truncated");
        }
    }

    @Test
    void goesOnAfterACallerThatWasInterruptedDuringTheLook() throws Exception {
        try (StateBackend backend = open();
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file("mecha.db"));
                FileWatch watch = FileWatch.exclusive(file("mecha.db"))) {
            backend.write(put("key", "value"));
            Files.setLastModifiedTime(directory, FileTime.fromMillis(0)); // so that only the lengths are looked at
            watch.check(connection);
            watch.check(connection);

            Thread.currentThread().interrupt();
            try {
                assertThatCode(() -> watch.check(connection)).doesNotThrowAnyException();
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThatCode(() -> watch.check(connection)).doesNotThrowAnyException();
        }
    }

    @Test
    void tellsThatAFileIsDamaged() throws Exception {
        populate();
        try (StateBackend backend = open()) {
            damage();

            refused(() -> backend.readAll(keys()), "damaged");
            refused(
                    () -> backend.writeAll(keys().stream()
                            .<Mutation>map(key -> put(key, LARGE))
                            .toList()),
                    "damaged");
        }
    }

    @Test
    void tellsThatAFileIsDamagedWhenItIsOpened() throws Exception {
        populate();
        try (RandomAccessFile file = new RandomAccessFile(file("mecha.db").toFile(), "rw")) {
            file.write(new byte[4096]);
        }

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(this::open)
                .withMessageContaining("MECHA-S110")
                .withMessageContaining("the database's files are damaged")
                .withMessageContaining("backup");
    }

    private static void refusesAll(StateBackend backend, String words) {
        refused(() -> backend.write(put("key", "lost")), words);
        refused(() -> backend.writeAll(List.of(put("a", "lost"), put("b", "lost"))), words);
        refused(() -> transactions(backend).execute(List.of(put("a", "lost"))), words);
        refused(backend::ping, words);
    }

    private static void refused(Runnable call, String words) {
        assertThatExceptionOfType(StateBackendException.class)
                .isThrownBy(call::run)
                .withMessageContaining("MECHA-S304")
                .withMessageContaining(words);
    }

    /** Leave no page that a write could use. */
    private void fill(StateBackend backend) throws SQLException {
        limit(1);
        for (int size = LARGE.length(); size > 0; size /= 2) {
            String value = "x".repeat(size);
            for (int number = 0; written(backend, put("fill-" + size + "-" + number, value)); number++) {
                // until nothing of this size fits any more
            }
        }
    }

    private static boolean written(StateBackend backend, Mutation mutation) {
        try {
            return backend.write(mutation).applied();
        } catch (StateBackendException e) {
            return false;
        }
    }

    /** Limit the file on the connection that writes; never below what it has. */
    private void limit(int pages) throws SQLException {
        SqliteFile file = SqliteFile.open(directory);
        Connection connection = file.beginWriting(1_000_000_000).connection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma max_page_count = " + pages);
        } finally {
            file.endWriting();
            file.release();
        }
    }

    private void populate() {
        try (StateBackend backend = open()) {
            backend.writeAll(
                    keys().stream().<Mutation>map(key -> put(key, LARGE)).toList());
        }
    }

    private static List<String> keys() {
        return IntStream.range(0, 10).mapToObj(number -> "key-" + number).toList();
    }

    private void damage() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(file("mecha.db").toFile(), "rw")) {
            byte[] rubbish = new byte[(int) file.length() - 4096];
            Arrays.fill(rubbish, (byte) 0x5a);
            file.seek(4096);
            file.write(rubbish);
        }
    }

    private static void truncate(Path file) throws IOException {
        truncate(file, 0);
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    /** Does something with the file as another program would. */
    private void other(String... statements) throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file("mecha.db"));
                Statement statement = other.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private StateBackend open() {
        return JdbcStateBackend.embedded("carts", directory, EmbeddedStateOptions.DEFAULTS);
    }

    private static Transactions transactions(StateBackend backend) {
        return backend.capabilities().find(Transactions.class).orElseThrow();
    }
}
