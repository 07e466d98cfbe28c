// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.Capabilities;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.Guard;
import io.mecha.jdbc.LocalClock;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.connection.KnownDatabase;
import io.mecha.state.jdbc.connection.SqlErrors;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Table;
import io.mecha.state.jdbc.sqlite.DirectoryLock;
import io.mecha.state.jdbc.sqlite.SqliteConnections;
import io.mecha.state.jdbc.sqlite.SqliteFile;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;

/** The assembly of the embedded backend. */
final class EmbeddedAssembly {

    static final String TYPE = "embedded";

    private EmbeddedAssembly() {}

    static JdbcStateBackend open(String store, Path directory, Limits limits, InstantSource clock) {
        Table table = new Table(Table.DEFAULT_NAME);
        Dialect dialect = Dialect.of(Database.SQLITE, table, LocalClock.of(clock));
        KnownDatabase known = new KnownDatabase(dialect, limits.maximumValueSize(dialect.maximumValueSize()));
        SqliteConnections connections = new SqliteConnections(SqliteFile.open(directory), limits.timeout());
        try {
            connections.initialize(dialect);
        } catch (SQLException e) {
            connections.close();
            throw DirectoryLock.unusable(directory, e);
        }
        Guard<KnownDatabase> guard = new Guard<>("State store '" + store + "'", limits.timeout(), known, () -> known);
        Calls calls = new Calls(store, guard, connections, new SqlErrors(store, TYPE));
        JdbcLeases leases = new JdbcLeases(store, calls, calls, true, null);
        Purge purge = Purge.start(store, calls, leases, table, limits.purgeInterval());
        return new JdbcStateBackend(
                calls,
                guard,
                known.maximumValueSize(),
                Capabilities.none(),
                WriteAdditions.NONE,
                leases,
                new JdbcStateBackend.Resources(List.of(purge::close, guard::close, connections::close)));
    }
}
