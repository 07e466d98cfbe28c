// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.Mistake;
import io.mecha.Thrown;
import io.mecha.binding.spi.SigningKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file in which a node keeps the key that signs marks, where none is configured, so that what it signed is verified after a restart.
 *
 * <p>It is made when the first mark is signed or verified, and only if messages live longer than the JVM. It appears whole or not at all,
 * readable by its owner alone: of several processes with one directory the first decides, and the others take its key.
 */
final class SigningKeyFile {

    private static final Logger LOG = LoggerFactory.getLogger(SigningKeyFile.class);
    private static final String NAME = "bindings-signing.key";
    private static final String OWNER_ONLY = "rw-------";
    private static final Set<PosixFilePermission> ALLOWED =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.OTHERS_EXECUTE);

    private final Path directory;
    private final Path file;
    private final BooleanSupplier wanted;

    /**
     * Keep a key in a directory.
     *
     * @param directory created when needed
     * @param wanted whether a key is worth a file
     */
    SigningKeyFile(Path directory, BooleanSupplier wanted) {
        this.directory = directory;
        this.file = directory.resolve(NAME);
        this.wanted = wanted;
    }

    /** Returns what is wrong with the file, if there is one. */
    Optional<Mistake> check() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            read();
            return Optional.empty();
        } catch (IOException unusable) {
            return Optional.of(new Mistake(
                    "MECHA-B106",
                    "mecha.data-directory",
                    "The signing key in '%s' cannot be used: %s.".formatted(file, reason(unusable)),
                    "Restore the file, or delete it to have a new key made: then marks that were signed with the old one are not verified"
                            + " any more. Or set mecha.bindings.signing-key."));
        }
    }

    /** Returns the key in the file, which is made if there is none; where that cannot be done, one that only this instance knows. */
    byte[] key() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !wanted.getAsBoolean()) {
            return SigningKeys.random();
        }
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                create();
            }
            return read();
        } catch (IOException | RuntimeException failure) { // allow CatchException: signing goes on
            LOG.warn(
                    "The key that signs marks of messages cannot be kept in '{}' ({}), so that no other instance verifies them, nor this"
                            + " one after a restart. Set mecha.bindings.signing-key, or a mecha.data-directory that can be written.",
                    file,
                    reason(failure));
            return SigningKeys.random();
        }
    }

    private static String reason(Exception failure) {
        return failure instanceof UnusableException ? String.valueOf(failure.getMessage()) : Thrown.describe(failure);
    }

    private byte[] read() throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new UnusableException("it is no regular file");
        }
        if (Files.size(file) != SigningKeys.RANDOM_BYTES) {
            throw new UnusableException("it has not %d bytes".formatted(SigningKeys.RANDOM_BYTES));
        }
        if (isPosix() && !isPrivate()) {
            throw new UnusableException("others than its owner may read or write it");
        }
        return Files.readAllBytes(file);
    }

    /** Takes away what the group may do with the file, which it is given where a volume is mounted for a group, as Kubernetes does. */
    private boolean isPrivate() throws IOException {
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (ALLOWED.containsAll(found)) {
            return true;
        }
        if (!Collections.disjoint(found, OTHERS)) {
            return false;
        }
        try {
            Files.setPosixFilePermissions(file, ALLOWED);
            LOG.info("The group of '{}' cannot read or write it any more", file);
            return true;
        } catch (IOException refused) {
            LOG.debug("The permissions of '{}' stay as they are", file, refused);
            return false;
        }
    }

    private void create() throws IOException {
        Files.createDirectories(directory);
        Path whole = Files.createTempFile(directory, NAME, ".new", ownerOnly());
        try {
            write(whole, SigningKeys.random());
            link(whole);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Writes what is there after a power cut, too, so that a file with the name of the key is never empty. */
    private static void write(Path whole, byte[] key) throws IOException {
        try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(key);
            while (left.hasRemaining()) {
                int unused = channel.write(left);
            }
            channel.force(true);
        }
    }

    private void link(Path whole) throws IOException {
        try {
            appear(whole);
            LOG.info(
                    "Marks of messages are signed with a key in '{}'. Where several nodes share a broker, set mecha.bindings.signing-key.",
                    file);
        } catch (FileAlreadyExistsException another) {
            LOG.debug("Another process made the key in '{}'", file, another);
        }
    }

    private void appear(Path whole) throws IOException {
        try {
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException another) {
            throw another;
        } catch (UnsupportedOperationException | IOException noLinks) {
            LOG.debug("There are no links in '{}'", directory, noLinks);
            Files.move(whole, file);
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return isPosix()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY))
                }
                : new FileAttribute<?>[0];
    }

    private boolean isPosix() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** The failure that the file is not what was made. */
    private static final class UnusableException extends IOException {

        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }
}
