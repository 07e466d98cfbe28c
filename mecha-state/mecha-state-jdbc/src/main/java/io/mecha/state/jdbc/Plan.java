// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.Precondition;
import io.mecha.state.TransactionResult;
import io.mecha.state.WriteResult;
import io.mecha.state.jdbc.sql.Bulk;
import io.mecha.state.jdbc.sql.Row;
import io.mecha.state.jdbc.sql.Session;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.VersionSequence;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A plan of operations in order, with a number of round trips that does not depend on their number.
 *
 * <p>The rows of all keys are locked in key order, the operations are worked out in memory, and what remains of them is
 * written in at most three batches. Two kinds of keys have no row that could be locked. One that gets a value is inserted
 * only if there is still no row; otherwise everything is undone and worked out again. One that only had to be absent is
 * inserted and deleted again, so that somebody who inserts it meanwhile waits until this transaction has ended. Without
 * that, two transactions, each writing what the other required to be absent, could both succeed.
 */
final class Plan {

    private static final int ATTEMPTS = 20;
    private static final byte[] NO_BYTES = {};
    private static final long EXPIRED = -1L;

    private final List<? extends KeyOperation> operations;
    private final boolean allOrNothing;
    private final VersionSequence versions;
    private final Map<String, Cell> cells = new LinkedHashMap<>();
    private final List<WriteResult> results = new ArrayList<>();

    private TransactionResult.@Nullable Conflict conflict;

    private Plan(List<? extends KeyOperation> operations, boolean allOrNothing, VersionSequence versions) {
        this.operations = operations;
        this.allOrNothing = allOrNothing;
        this.versions = versions;
    }

    /** Apply all operations or none. */
    static TransactionResult execute(Session session, List<KeyOperation> operations, VersionSequence versions)
            throws SQLException {
        Plan plan = applied(session, operations, true, versions);
        return plan.conflict == null ? new TransactionResult.Committed(plan.written()) : plan.conflict;
    }

    /** Apply each mutation whose precondition holds. */
    static List<WriteResult> write(Session session, List<Mutation> mutations, VersionSequence versions)
            throws SQLException {
        return List.copyOf(applied(session, mutations, false, versions).results);
    }

    private static Plan applied(
            Session session, List<? extends KeyOperation> operations, boolean allOrNothing, VersionSequence versions)
            throws SQLException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Plan plan = new Plan(operations, allOrNothing, versions);
            Savepoint savepoint = session.savepoint();
            plan.lock(session);
            if (!plan.workOut() || plan.apply(session)) {
                session.forget(savepoint);
                return plan;
            }
            session.undo(savepoint);
        }
        throw new SQLTransientException(
                "Other writers inserted a key in each of %d attempts".formatted(ATTEMPTS), "40001");
    }

    private void lock(Session session) throws SQLException {
        TreeSet<String> keys = new TreeSet<>();
        operations.forEach(operation -> keys.add(operation.key()));
        Map<String, Optional<String>> rows = session.dialect().bulk().lock(session, List.copyOf(keys));
        for (KeyOperation operation : operations) {
            cells.computeIfAbsent(operation.key(), key -> {
                Optional<String> row = rows.get(key);
                return row == null ? new Cell(false, null) : new Cell(true, row.orElse(null));
            });
        }
    }

    private boolean workOut() {
        for (KeyOperation operation : operations) {
            Cell cell = cell(operation.key());
            if (cell.meets(operation.precondition())) {
                results.add(cell.change(operation, versions));
            } else {
                String expected =
                        operation.precondition() instanceof Precondition.Version version ? version.version() : null;
                if (allOrNothing) {
                    conflict = new TransactionResult.Conflict(operation.key(), expected, cell.version);
                    return false;
                }
                results.add(new WriteResult.Conflict(expected, cell.version));
            }
        }
        return true;
    }

    private boolean apply(Session session) throws SQLException {
        List<Row> puts = new ArrayList<>();
        List<Row> inserts = new ArrayList<>();
        List<String> deletes = new ArrayList<>();
        for (String key : new TreeSet<>(cells.keySet())) {
            Cell cell = cell(key);
            if (cell.put != null) {
                (cell.locked ? puts : inserts).add(Row.of(cell.put, cell.newVersion()));
            } else if (cell.removed) {
                deletes.add(key);
            } else if (cell.guarded && allOrNothing) {
                inserts.add(new Row(key, NO_BYTES, versions.next(), EXPIRED));
                deletes.add(key);
            }
        }
        Bulk bulk = session.dialect().bulk();
        if (!inserts.isEmpty() && !bulk.insert(session, inserts)) {
            return false;
        }
        if (!puts.isEmpty()) {
            bulk.put(session, puts);
        }
        if (!deletes.isEmpty()) {
            bulk.delete(session, deletes);
        }
        return true;
    }

    private Cell cell(String key) {
        return Objects.requireNonNull(cells.get(key), "locked");
    }

    private Map<String, String> written() {
        Map<String, String> written = new LinkedHashMap<>();
        cells.forEach((key, cell) -> {
            if (cell.put != null) {
                written.put(key, cell.newVersion());
            }
        });
        return written;
    }

    /** The state of one key through the operations. */
    private static final class Cell {

        private final boolean locked;
        private final boolean existed;
        private @Nullable String version;
        private Mutation.@Nullable Put put;
        private boolean removed;
        private boolean guarded;

        Cell(boolean locked, @Nullable String version) {
            this.locked = locked;
            this.existed = version != null;
            this.version = version;
        }

        boolean meets(Precondition precondition) {
            if (precondition instanceof Precondition.Version expected) {
                return expected.version().equals(version);
            }
            if (precondition instanceof Precondition.Absent) {
                guarded |= !locked;
                return version == null;
            }
            return true;
        }

        WriteResult change(KeyOperation operation, VersionSequence versions) {
            if (operation instanceof Mutation.Put change) {
                put = change;
                removed = false;
                version = versions.next();
                return new WriteResult.Written(version);
            }
            boolean present = version != null;
            if (operation instanceof Mutation.Remove) {
                put = null;
                removed = existed;
                version = null;
            }
            return new WriteResult.Removed(present);
        }

        String newVersion() {
            if (version == null) {
                throw new IllegalStateException("The key has no value");
            }
            return version;
        }
    }
}
