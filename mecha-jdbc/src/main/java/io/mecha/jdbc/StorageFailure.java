// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure of what a database keeps its data on, told from the codes of the products.
 *
 * @param problem what is the case, part of a sentence
 * @param action what to do, a sentence
 */
public record StorageFailure(String problem, String action) {

    private static final StorageFailure FULL = new StorageFailure(
            "the disk or the limit of the database's size is full",
            "Make room on the database's disk, or raise its limit; writes then work again without a restart.");
    private static final StorageFailure DAMAGED = new StorageFailure(
            "the database's files are damaged",
            "Stop all writers of the database, repair it or restore it from a backup, and start again.");
    private static final StorageFailure READ_ONLY = new StorageFailure(
            "the database or its file is read-only",
            "Let the connection settings name the primary server, and the user write to the database's files.");
    private static final StorageFailure DISK = new StorageFailure(
            "the database cannot read or write its files",
            "Check the disk in the log of the operating system, and that the database's files exist and are complete.");

    /** Primary result codes, which are what the driver reports: https://sqlite.org/rescode.html. */
    private static final Map<Integer, StorageFailure> SQLITE =
            Map.of(8, READ_ONLY, 10, DISK, 11, DAMAGED, 13, FULL, 14, DISK, 26, DAMAGED);

    private static final Map<String, StorageFailure> STATES =
            Map.of("53100", FULL, "XX001", DAMAGED, "XX002", DAMAGED, "25006", READ_ONLY, "58030", DISK);

    /** MariaDB and MySQL report these with the general SQLState. */
    private static final Map<Integer, StorageFailure> MARIADB = Map.of(
            1021, FULL, 1114, FULL, 1034, DAMAGED, 1194, DAMAGED, 1712, DAMAGED, 1036, READ_ONLY, 1290, READ_ONLY, 1836,
            READ_ONLY);

    private static final Map<Integer, StorageFailure> H2 =
            Map.of(90028, DISK, 90030, DAMAGED, 90031, DISK, 90097, READ_ONLY);

    /**
     * Look for one in what a driver reported.
     *
     * @param failure what the driver reported
     * @return the failure; empty if it is of another kind
     */
    public static Optional<StorageFailure> of(SQLException failure) {
        SQLException exception = SqlFailures.unwrap(failure);
        boolean sqlite = exception.getClass().getName().startsWith("org.sqlite.");
        return Optional.ofNullable(
                sqlite
                        ? SQLITE.get(exception.getErrorCode() & 0xff)
                        : find(String.valueOf(exception.getSQLState()), exception.getErrorCode()));
    }

    private static @Nullable StorageFailure find(String state, int code) {
        if (STATES.containsKey(state)) {
            return STATES.get(state);
        }
        return state.equals(Integer.toString(code)) ? H2.get(code) : MARIADB.get(code);
    }
}
