// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.state.Precondition;
import io.mecha.state.jdbc.EmbeddedStateOptions;
import io.mecha.state.jdbc.JdbcStateBackend;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Value;
import io.mecha.test.Applicability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class EmbeddedFileTests {

    private static final int WRITERS = 4;
    private static final int ACKNOWLEDGED = 500;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    @TempDir
    Path scratch;

    @Test
    void keepsValuesUntilTheFileIsOpenedAgain() {
        try (StateBackend backend = open(directory)) {
            put(backend, "key");
        }

        try (StateBackend backend = open(directory)) {
            assertThat(backend.read("key")).isNotNull();
        }
    }

    @Test
    void createsTheDirectory() {
        Path nested = directory.resolve("a/b");

        try (StateBackend backend = open(nested)) {
            put(backend, "key");
        }

        assertThat(nested.resolve("mecha.db")).isRegularFile();
    }

    @Test
    void staysOpenForOthersInThisProcess() {
        StateBackend one = open(directory);
        StateBackend other = open(directory.resolve("../" + directory.getFileName()));

        one.close();

        put(other, "key");
        assertThat(other.read("key")).isNotNull();
        assertThatThrownBy(() -> one.read("key")).isInstanceOf(MechaException.class);
        other.close();
    }

    @Test
    void losesNothingAcknowledgedWhenKilled() throws Exception {
        Path output = scratch.resolve("output");
        Process child = EmbeddedChild.start(directory, WRITERS, output);

        eventually(PATIENCE, () -> assertThat(EmbeddedChild.lines(output)).hasSizeGreaterThan(ACKNOWLEDGED));
        child.destroyForcibly().waitFor();

        List<String> acknowledged = EmbeddedChild.lines(output).stream().skip(1).toList();
        try (StateBackend backend = open(directory)) {
            Map<String, Entry> found = backend.readAll(acknowledged);
            assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(acknowledged);
            assertThat(found).allSatisfy((key, entry) -> assertThat(text(entry)).isEqualTo(key));
        }
    }

    @Test
    void refusesADirectoryThatAnotherProcessUses() throws Exception {
        Process child = EmbeddedChild.start(directory, 0, scratch.resolve("output"));
        try {
            assertThatExceptionOfType(InvalidConfigurationException.class)
                    .isThrownBy(() -> open(directory))
                    .withMessageContaining("MECHA-S111")
                    .withMessageContaining("mecha.data-directory")
                    .withMessageContaining("process " + child.pid())
                    .withMessageContaining(directory.toString());
        } finally {
            child.destroyForcibly().waitFor();
        }

        open(directory).close();
    }

    @Test
    void sharesTheFileOfALinkedDirectory() throws Exception {
        Path link = Files.createSymbolicLink(scratch.resolve("link"), directory);
        try (StateBackend backend = open(directory)) {
            try (StateBackend linked = open(link)) {
                put(linked, "key");
            }
            assertThat(backend.read("key")).isNotNull();

            assertThat(EmbeddedChild.launch(directory, 0, scratch.resolve("output"))
                            .waitFor())
                    .as("another process is still kept out")
                    .isNotZero();
        }
    }

    @Test
    void keepsTheLockWhenItIsAskedForAgain() throws Exception {
        try (DirectoryLock held = DirectoryLock.acquire(directory)) {
            assertThatExceptionOfType(InvalidConfigurationException.class)
                    .isThrownBy(() -> DirectoryLock.acquire(directory))
                    .withMessageContaining("process " + ProcessHandle.current().pid());

            assertThat(EmbeddedChild.launch(directory, 0, scratch.resolve("output"))
                            .waitFor())
                    .as("another process is still kept out")
                    .isNotZero();
            assertThat(held).isNotNull();
        }
    }

    @Test
    void refusesADirectoryThatIsAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> open(file))
                .withMessageContaining("MECHA-S110")
                .withMessageContaining("mecha.data-directory")
                .withMessageContaining(file.toString());
    }

    @Test
    void refusesAFileThatIsNoDatabase() throws IOException {
        Files.writeString(directory.resolve("mecha.db"), "This is not a database. ".repeat(100));

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> open(directory))
                .withMessageContaining("mecha.data-directory");
        Files.delete(directory.resolve("mecha.db"));
        open(directory).close();
    }

    @Test
    void refusesAFileThatIsReadOnly() throws IOException {
        open(directory).close();
        Path file = directory.resolve("mecha.db");
        assertThat(file.toFile().setWritable(false)).isTrue();
        Applicability.require(!Files.isWritable(file), "this user may write to read-only files");

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> open(directory))
                .withMessageContaining("MECHA-S110")
                .withMessageContaining(file.toString());
        assertThat(file.toFile().setWritable(true)).isTrue();
        open(directory).close();
    }

    @Test
    void reportsAllMistakesAtOnce() {
        EmbeddedStateOptions options =
                new EmbeddedStateOptions(Duration.ZERO, Duration.ofSeconds(-1), DataSize.ofGigabytes(4));

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> JdbcStateBackend.embedded("carts", directory, options))
                .withMessageContaining("[mecha.state.stores.carts.embedded.timeout]")
                .withMessageContaining("[mecha.state.stores.carts.embedded.purge-interval]")
                .withMessageContaining("[mecha.state.stores.carts.embedded.maximum-value-size]");
    }

    private static StateBackend open(Path directory) {
        return JdbcStateBackend.embedded("carts", directory, EmbeddedStateOptions.DEFAULTS);
    }

    private static void put(StateBackend backend, String key) {
        backend.write(new Mutation.Put(key, Value.of(new byte[] {1}), null, Precondition.NONE));
    }

    private static String text(Entry entry) {
        return new String(entry.value().bytes(), StandardCharsets.UTF_8);
    }
}
