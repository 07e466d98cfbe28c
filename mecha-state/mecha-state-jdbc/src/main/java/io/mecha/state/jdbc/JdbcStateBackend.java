// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.Capabilities;
import io.mecha.jdbc.Guard;
import io.mecha.runtime.Ids;
import io.mecha.state.Precondition;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.WriteResult;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.connection.KnownDatabase;
import io.mecha.state.jdbc.sql.Prepared;
import io.mecha.state.jdbc.sql.Row;
import io.mecha.state.jdbc.sql.RowWrites;
import io.mecha.state.jdbc.sql.Rows;
import io.mecha.state.jdbc.sql.Session;
import io.mecha.state.jdbc.sql.Statements;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.VersionSequence;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A backend in a relational database: one row for each key.
 *
 * @since 1.0
 */
public final class JdbcStateBackend implements StateBackend {

    private static final int MAXIMUM_OPERATIONS = 1_000;
    private static final int PING_BYTES = 8 * 1024;
    private static final long PING_MILLIS = 60_000;

    private final Calls calls;
    private final Guard<KnownDatabase> guard;
    private final WriteAdditions additions;
    private final JdbcLeases leases;
    private final Resources resources;
    private final int maximumValueSize;
    private final VersionSequence versions = new VersionSequence();
    private final Capabilities capabilities;
    private final String pingKey = ReservedKeys.PING + Ids.random();

    JdbcStateBackend(
            Calls calls,
            Guard<KnownDatabase> guard,
            int maximumValueSize,
            Capabilities capabilities,
            WriteAdditions additions,
            JdbcLeases leases,
            Resources resources) {
        this.calls = calls;
        this.additions = additions;
        this.leases = leases;
        this.guard = guard;
        this.maximumValueSize = maximumValueSize;
        this.resources = resources;
        this.capabilities = capabilities
                .with(Transactions.class, new TableTransactions())
                .with(KeyScan.class, new TableScan(calls))
                .with(Leases.class, leases);
    }

    /**
     * Keep state in a table of a data source; the database need not answer yet.
     *
     * @param store name of the store, for messages
     * @param dataSource where connections come from; its Spring-managed transactions are joined
     * @param options options of the table
     * @param announcesChanges whether to announce changes to listeners, where the database can
     * @return a backend to close, which leaves the data source open
     * @throws io.mecha.InvalidConfigurationException if the options cannot work
     */
    public static JdbcStateBackend create(
            String store, DataSource dataSource, JdbcStateOptions options, boolean announcesChanges) {
        return JdbcAssembly.build(store, dataSource, options, announcesChanges, InstantSource.system());
    }

    /**
     * Open the embedded file of a directory, or share it with others in this JVM.
     *
     * @param store name of the store, for messages
     * @param directory the directory, which is created if it is missing
     * @param options options of the file
     * @return a backend to close
     * @throws io.mecha.InvalidConfigurationException if the directory cannot be used, or another process uses it
     */
    public static JdbcStateBackend embedded(String store, Path directory, EmbeddedStateOptions options) {
        return EmbeddedAssembly.open(store, directory, Limits.of(store, options), InstantSource.system());
    }

    /** Waits for the table as long as a call does. */
    boolean isReady() {
        return guard.isLive();
    }

    @Override
    public @Nullable Entry read(String key) {
        return calls.read("read", key, session -> read(session, key));
    }

    private @Nullable Entry read(Session session, String key) throws SQLException {
        boolean now = session.joined() && additions.lostKeys().contains(key);
        Statements statements = session.statements();
        try (Prepared statement = session.prepare(now ? statements.readLocked() : statements.read())
                        .key(key);
                ResultSet row = statement.query()) {
            return row.next() ? Rows.entry(row, 1) : null;
        }
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        return calls.read("read", keys, session -> {
            Map<String, Entry> entries = session.dialect().bulk().read(session, keys);
            for (String key : session.joined() ? additions.lostKeys() : Set.<String>of()) {
                if (keys.contains(key)) {
                    Entry entry = read(session, key);
                    if (entry == null) {
                        entries.remove(key);
                    } else {
                        entries.put(key, entry);
                    }
                }
            }
            return entries;
        });
    }

    @Override
    public WriteResult write(Mutation mutation) {
        WriteResult result = additions.announcing(() -> List.of(mutation.key()), () -> {
            GroupCommit group = additions.groupCommit();
            if (group != null
                    && mutation instanceof Mutation.Put put
                    && put.precondition().equals(Precondition.NONE)) {
                return group.put(Row.of(put, versions.next()));
            }
            return calls.write("write", mutation.key(), session -> RowWrites.write(session, mutation, versions.next()));
        });
        additions.remember(mutation.key(), result);
        return result;
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        if (mutations.isEmpty()) {
            return List.of();
        }
        if (mutations.size() == 1) {
            return List.of(write(mutations.get(0)));
        }
        List<String> keys = mutations.stream().map(Mutation::key).toList();
        List<Mutation.Put> puts = unconditional(mutations);
        List<WriteResult> results = additions.announcing(
                () -> keys,
                () -> puts == null
                        ? calls.transact("write", keys, session -> Plan.write(session, mutations, versions))
                        : putAll(keys, puts));
        for (int i = 0; i < results.size(); i++) {
            additions.remember(keys.get(i), results.get(i));
        }
        return results;
    }

    /** Write without looking: of several puts on one key the last one stays, and the others have had their moment. */
    private List<WriteResult> putAll(List<String> keys, List<Mutation.Put> puts) {
        List<WriteResult> results = new ArrayList<>(puts.size());
        Map<String, Row> rows = new TreeMap<>();
        for (Mutation.Put put : puts) {
            String version = versions.next();
            rows.put(put.key(), Row.of(put, version));
            results.add(new WriteResult.Written(version));
        }
        List<Row> sorted = List.copyOf(rows.values());
        return calls.write("write", keys, session -> {
            session.putAll(sorted);
            return results;
        });
    }

    private static @Nullable List<Mutation.Put> unconditional(List<Mutation> mutations) {
        List<Mutation.Put> puts = new ArrayList<>(mutations.size());
        for (Mutation mutation : mutations) {
            if (!(mutation instanceof Mutation.Put put) || !put.precondition().equals(Precondition.NONE)) {
                return null;
            }
            puts.add(put);
        }
        return puts;
    }

    @Override
    public int maximumValueSize() {
        KnownDatabase known = guard.known();
        return known == null ? maximumValueSize : known.maximumValueSize();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    /** Write, because a disk that is full, a file that is gone and a server that is read-only all answer reads. */
    @Override
    public void ping() {
        Row row = new Row(pingKey, new byte[PING_BYTES], versions.next(), PING_MILLIS);
        calls.<Boolean>transact("ping", "", session -> {
            RowWrites.put(session, row);
            session.dialect().bulk().delete(session, List.of(pingKey));
            return true;
        });
    }

    @Override
    public void close() {
        resources.close();
    }

    /** The resources that close with a backend, in order. */
    static final class Resources {

        private final List<Runnable> closers;
        private final AtomicBoolean closed = new AtomicBoolean();

        Resources(List<Runnable> closers) {
            this.closers = List.copyOf(closers);
        }

        void close() {
            if (closed.compareAndSet(false, true)) {
                closers.forEach(Runnable::run);
            }
        }
    }

    private final class TableTransactions implements Transactions {

        @Override
        public int maximumOperations() {
            return MAXIMUM_OPERATIONS;
        }

        @Override
        public TransactionResult execute(List<Operation> operations) {
            List<Fence> fences = Fence.of(operations);
            List<KeyOperation> onKeys = KeyOperation.of(operations);
            if (!fences.isEmpty()) {
                leases.prepare();
            }
            List<String> keys = onKeys.stream().map(KeyOperation::key).toList();
            TransactionResult result = additions.announcing(
                    () -> keys, () -> calls.transact("transact", keys, session -> execute(session, fences, onKeys)));
            if (result instanceof TransactionResult.Conflict conflict) {
                additions.remember(conflict.key(), new WriteResult.Conflict(conflict.expected(), conflict.actual()));
            }
            return result;
        }

        private TransactionResult execute(Session session, List<Fence> fences, List<KeyOperation> onKeys)
                throws SQLException {
            Fenced refusal = JdbcLeases.enter(session, fences);
            return refusal == null ? Plan.execute(session, onKeys, versions) : refusal;
        }
    }
}
