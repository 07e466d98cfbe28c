// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.Capabilities;
import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.VirtualClock;
import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.DataSourceUrls;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.Guard;
import io.mecha.jdbc.LocalClock;
import io.mecha.jdbc.PostgresNotifier;
import io.mecha.jdbc.ReservedConnection;
import io.mecha.jdbc.SchemaException;
import io.mecha.jdbc.SpringTransaction;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.jdbc.JdbcStateOptions.InitializeSchema;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.connection.KnownDatabase;
import io.mecha.state.jdbc.connection.OwnConnections;
import io.mecha.state.jdbc.connection.SpringConnections;
import io.mecha.state.jdbc.connection.SqlErrors;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.StateSchema;
import io.mecha.state.jdbc.sql.Table;
import io.mecha.state.spi.ChangeNotifications;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The assembly of a backend on a data source. */
final class JdbcAssembly {

    static final String TYPE = "jdbc";

    private static final Logger LOG = LoggerFactory.getLogger(JdbcAssembly.class);

    private final String store;
    private final JdbcStateOptions options;
    private final List<Mistake> mistakes = new ArrayList<>();
    private final DataSourceConnections connections;
    private final SpringTransaction transaction;
    private final @Nullable Database database;
    private final Table table;
    private final Limits limits;
    private final InstantSource clock;

    private JdbcAssembly(String store, DataSource dataSource, JdbcStateOptions options, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.options = options;
        this.limits = Limits.of(
                store, TYPE, options.timeout(), options.purgeInterval(), options.maximumValueSize(), mistakes);
        this.table = table();
        this.connections = new DataSourceConnections(dataSource, limits.timeout(), limits.networkTimeoutMillis());
        this.transaction = new SpringTransaction(connections);
        Optional<Database> configured = Optional.ofNullable(options.dialect());
        this.database = configured
                .or(() -> DataSourceUrls.databaseOf(connections.dataSource()))
                .orElse(null);
        refuseGroupCommit();
    }

    static JdbcStateBackend build(
            String store,
            DataSource dataSource,
            JdbcStateOptions options,
            boolean announcesChanges,
            InstantSource clock) {
        JdbcAssembly assembly = new JdbcAssembly(store, dataSource, options, clock);
        if (announcesChanges) {
            assembly.refuseStarving();
        }
        if (!assembly.mistakes.isEmpty()) {
            throw new InvalidConfigurationException(assembly.mistakes);
        }
        return assembly.build(announcesChanges);
    }

    private Table table() {
        String name = options.table();
        if (name == null || Table.isValid(name)) {
            return new Table(name == null ? Table.DEFAULT_NAME : name);
        }
        mistakes.add(new Mistake(
                "MECHA-S114",
                property("table"),
                "The table name '%s' is not an identifier.".formatted(name),
                "Use letters, digits and underscores, optionally with a schema and a dot before the name."));
        return new Table(Table.DEFAULT_NAME);
    }

    private void refuseGroupCommit() {
        if (groupCommit() && database != null && !canGroup(database)) {
            mistakes.add(new Mistake(
                    "MECHA-S115",
                    property("group-commit"),
                    "Group commit is not available on %s."
                            .formatted(database.name().toLowerCase(Locale.ROOT)),
                    "Remove the property, or use PostgreSQL, MariaDB or MySQL."));
        }
    }

    /** A near cache listens for as long as it is there. */
    private void refuseStarving() {
        if (database == Database.POSTGRESQL && PostgresNotifier.starves(connections.dataSource())) {
            mistakes.add(
                    new Mistake(
                            "MECHA-S118",
                            PropertyNames.store(store, "near-cache"),
                            "A near cache listens for changes on a connection of its own, and the pool has only one.",
                            "Give the pool two connections or more, for example with spring.datasource.hikari.maximum-pool-size."));
        }
    }

    private boolean groupCommit() {
        return Boolean.TRUE.equals(options.groupCommit());
    }

    private static boolean canGroup(Database database) {
        return database == Database.POSTGRESQL || database == Database.MARIADB || database == Database.MYSQL;
    }

    private String property(String option) {
        return PropertyNames.store(store, TYPE + "." + option);
    }

    private JdbcStateBackend build(boolean announcesChanges) {
        Guard<KnownDatabase> guard =
                new Guard<>("State store '" + store + "'", limits.timeout(), null, () -> connect(announcesChanges));
        SqlErrors errors = new SqlErrors(store, TYPE);
        Calls calls = new Calls(store, guard, new SpringConnections(connections, limits.timeoutSeconds()), errors);
        List<Runnable> closers = new ArrayList<>();
        Capabilities capabilities = Capabilities.none().with(SurroundingTransaction.class, transaction);
        Announcer announcer = null;
        if (database == Database.POSTGRESQL) {
            String channel = table.simpleName().toLowerCase(Locale.ROOT);
            PostgresNotifier notifier = PostgresNotifier.share(connections);
            closers.add(notifier::close);
            capabilities = capabilities.with(ChangeNotifications.class, new PostgresNotifications(notifier, channel));
            if (announcesChanges) {
                announcer = new Announcer(notifier, transaction, channel);
            }
        }
        ReservedConnection reserved = ReservedConnection.share(connections, limits.timeout());
        JdbcLeases leases = leases(guard, errors, reserved);
        Purge purge = Purge.start(store, calls, leases, table, limits.purgeInterval());
        closers.addAll(List.<Runnable>of(purge::close, guard::close, reserved::close));
        guard.start();
        WriteAdditions additions = new WriteAdditions(
                groupCommit() ? new GroupCommit(calls, errors) : null,
                announcer,
                transaction,
                new LostKeys(transaction));
        int size = database == null
                ? Limits.CAUTIOUS_VALUE_SIZE
                : Dialect.of(database, table, null).maximumValueSize();
        return new JdbcStateBackend(
                calls,
                guard,
                limits.maximumValueSize(size),
                capabilities,
                additions,
                leases,
                new JdbcStateBackend.Resources(closers));
    }

    private JdbcLeases leases(Guard<KnownDatabase> guard, SqlErrors errors, ReservedConnection reserved) {
        return new JdbcLeases(
                store,
                new Calls(store, guard, new OwnConnections(connections::lendOwn), errors),
                new Calls(store, guard, new OwnConnections(reserved::lend), errors),
                options.initializeSchema() != InitializeSchema.NEVER,
                new JdbcLeases.Surroundings(transaction, connections));
    }

    private KnownDatabase connect(boolean announcesChanges) throws SQLException {
        return connections.exchange(connection -> {
            Database found = identify(connection, announcesChanges);
            LocalClock local = LocalClock.of(found, connections.dataSource(), connection, clock)
                    .orElse(null);
            boolean shared = found == Database.SQLITE && !(clock instanceof VirtualClock);
            Dialect dialect = Dialect.of(found, table, local, shared ? null : local);
            StateSchema.ensure(connection, dialect, options.initializeSchema() != InitializeSchema.NEVER);
            int largest = dialect.maximumValueSize(connection);
            return new KnownDatabase(dialect, Math.min(largest, limits.maximumValueSize(largest)));
        });
    }

    private Database identify(Connection connection, boolean announcesChanges) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        if (database != null) {
            boolean mysql = database == Database.MARIADB && "MySQL".equalsIgnoreCase(product); // by MariaDB's driver
            return mysql ? Database.MYSQL : database;
        }
        Database found = Database.ofProduct(product)
                .orElseThrow(() -> new SchemaException(
                        "the database '%s' is not supported".formatted(product),
                        "Use PostgreSQL, MariaDB, MySQL or H2, or set %s to one whose SQL it understands."
                                .formatted(property("dialect"))));
        if (groupCommit() && !canGroup(found)) {
            throw new SchemaException(
                    "group commit is not available on '%s'".formatted(product),
                    "Remove %s.".formatted(property("group-commit")));
        }
        if (announcesChanges && found == Database.POSTGRESQL) {
            LOG.warn(
                    "State store '{}' does not announce its changes to other nodes, because its JDBC URL does not"
                            + " show the database; set {} to postgresql",
                    store,
                    property("dialect"));
        }
        return found;
    }
}
