// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sqlite;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.jdbc.StorageFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A lock that keeps a data directory to this process.
 *
 * <p>The operating system gives the lock back when the process dies, however it dies. The lock covers one byte far behind
 * the end of the file, because where locks are mandatory nobody else could read the process id otherwise.
 */
public final class DirectoryLock implements AutoCloseable {

    private static final String PROPERTY = "mecha.data-directory";
    private static final String FILE = "mecha.lock";
    private static final long POSITION = Long.MAX_VALUE - 1;

    /**
     * Channels on files that this process has locked already, kept open: to POSIX a process has one lock on a file, however
     * often it is open, and loses it when it closes any of them.
     */
    private static final Queue<FileChannel> KEPT_OPEN = new ConcurrentLinkedQueue<>();

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Create the directory if need be, and lock it. */
    static DirectoryLock acquire(Path directory) {
        Path file = directory.resolve(FILE);
        FileChannel channel = null;
        try {
            create(directory);
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                String owner = read(channel);
                if (!KEPT_OPEN.contains(channel)) {
                    channel.close();
                }
                throw inUse(directory, owner);
            }
            write(channel, Long.toString(ProcessHandle.current().pid()));
            return new DirectoryLock(channel);
        } catch (IOException e) {
            closeQuietly(channel, e);
            throw unusable(directory, e);
        }
    }

    /** Create a directory if need be, and tell where it really is, so that links to it are one place. */
    static Path create(Path directory) throws IOException {
        // Not without looking: up to JDK 18 a link to a directory counts as an obstacle.
        return (Files.isDirectory(directory) ? directory : Files.createDirectories(directory)).toRealPath();
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(POSITION, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            KEPT_OPEN.add(channel); // another class loader of this JVM has the lock
            return false;
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(20);
        channel.read(buffer, 0);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void write(FileChannel channel, String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static void closeQuietly(@Nullable FileChannel channel, IOException reason) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                reason.addSuppressed(e);
            }
        }
    }

    private static InvalidConfigurationException inUse(Path directory, String owner) {
        String who = owner.isEmpty() ? "another process" : "process " + owner;
        return new InvalidConfigurationException(List.of(new Mistake(
                "MECHA-S111",
                PROPERTY,
                "The data directory '%s' is in use by %s.".formatted(directory, who),
                "Stop that process, set %s to another directory, or use a type that several processes may share."
                        .formatted(PROPERTY))));
    }

    /**
     * Report a directory that cannot be used.
     *
     * @param directory the directory
     * @param cause why
     * @return the exception to throw
     */
    public static InvalidConfigurationException unusable(Path directory, Exception cause) {
        String reason = "%s: %s".formatted(cause.getClass().getSimpleName(), cause.getMessage());
        String action = "Set %s to a directory that this process may create and write.".formatted(PROPERTY);
        StorageFailure storage = cause instanceof SQLException failure
                ? StorageFailure.of(failure).orElse(null)
                : null;
        if (storage != null) {
            reason = storage.problem() + "; " + reason;
            action = storage.action();
        }
        return new InvalidConfigurationException(
                List.of(new Mistake(
                        "MECHA-S110",
                        PROPERTY,
                        "The data directory '%s' cannot be used (%s).".formatted(directory, reason),
                        action)),
                cause);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
