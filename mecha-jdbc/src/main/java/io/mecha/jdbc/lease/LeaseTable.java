// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc.lease;

import io.mecha.Thrown;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.LocalClock;
import io.mecha.jdbc.Schema;
import io.mecha.jdbc.SchemaException;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SQL of leases on one product.
 *
 * <p>A name has a row in the first table, with its owner, token and end, which grants and renewals write, and where several can
 * write at once a row in the second, with the token alone, which only grants write and on which a transaction with a fence holds a
 * shared lock until it ends. So a grant and such a transaction exclude each other, while renewals pass. A grant never waits for such a
 * transaction: it finds the row locked, and the lease counts as held. Looking at the token without a lock would be of no use: a grant
 * could be committed between the look and the commit.
 *
 * <p>The end is in microseconds since 1970 by the database's clock; negative when the lease was released, so that it stays
 * released when the clock is set back. Rows are found by the SHA-256 of the name, which fits into every index and has no collation.
 */
public abstract class LeaseTable {

    /** What the first table is called; the second has this and {@code _fence}. */
    public static final String NAME = "mecha_lease";

    /** How many names one purge forgets at most. */
    public static final int PURGE_ROWS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(LeaseTable.class);
    private static final String INDEX = NAME + "_token";
    private static final Pattern TABLE = Pattern.compile("\\b" + NAME + "(?=\\b|_fence\\b)");

    final Database database;
    final String table;
    private final @Nullable LocalClock clock;

    LeaseTable(Database database, String schema, @Nullable LocalClock clock) {
        this.database = database;
        this.table = schema + NAME;
        this.clock = clock;
    }

    /**
     * Speak to a product.
     *
     * @param database the product
     * @param schema schema of the tables, with a dot at its end; empty for the default one
     * @param clock the time of a database that runs in this JVM; {@code null} for its own
     * @return its SQL
     */
    public static LeaseTable of(Database database, String schema, @Nullable LocalClock clock) {
        return switch (database) {
            case POSTGRESQL -> new PostgresLeaseTable(schema);
            case MARIADB -> new MariaDbLeaseTable(schema);
            case SQLITE -> new SqliteLeaseTable(schema, clock);
            case H2, MYSQL -> new LockingLeaseTable(database, schema, clock);
        };
    }

    /**
     * See that the tables are there, and the index of the first, which the purge only needs for its speed.
     *
     * @param connection a connection in no transaction
     * @param create whether to create what is missing
     * @throws SQLException if something is missing then
     */
    public final void ensure(Connection connection, boolean create) throws SQLException {
        new Schema(
                        table,
                        probe(),
                        this::statements,
                        "Create it with classpath:io/mecha/jdbc/lease/%s, or set mecha.state.jdbc.initialize-schema to always."
                                .formatted(database.schemaFile()))
                .ensure(connection, create);
        if (create) {
            index(connection);
        }
    }

    private void index(Connection connection) throws SQLException {
        String create = "create index %s on %s (token)".formatted(index(), table);
        try {
            new Schema(table, indexProbe(), () -> List.of(create), create).ensure(connection, true);
        } catch (SchemaException refused) {
            LOG.warn(
                    "Table '{}' has no index {}, and this user may not create it; the purge reads the whole table. Run: {}",
                    table,
                    INDEX,
                    create,
                    Thrown.loggable(refused));
        }
    }

    /** Return the name of the index, by which it is created. */
    private String index() {
        return database == Database.H2 ? table + "_token" : INDEX;
    }

    /** Return a query that fails unless there is the index. */
    private String indexProbe() {
        String from = "select token from " + table;
        return switch (database) {
            case POSTGRESQL -> "select 1 / (to_regclass('%s_token') is not null)::int".formatted(table);
            case SQLITE -> from + " indexed by " + INDEX + " where token < 0";
            case H2 -> from + " use index (" + index() + ") where 1 = 0";
            case MARIADB, MYSQL -> from + " force index (" + INDEX + ") where 1 = 0";
        };
    }

    /**
     * Return the statements that create the tables.
     *
     * @return the statements, in order
     */
    public final List<String> statements() {
        String script = Schema.read(LeaseTable.class, "", database);
        return Schema.statements(TABLE.matcher(script)
                .replaceAll(Matcher.quoteReplacement(table))
                .replace(INDEX, index()));
    }

    /** Return a query that fails unless all columns are there. */
    String probe() {
        return "select l.name, l.owner, l.expires_at, f.token from %1$s l, %1$s_fence f where l.lease_key = f.lease_key and 1 = 0"
                .formatted(table);
    }

    /**
     * Tell whether a grant and the purge are several statements, which must be one transaction.
     *
     * @return {@code false} if each call is one statement
     */
    public boolean needsTransaction() {
        return false;
    }

    /**
     * Ask for a lease.
     *
     * @param connection a connection in no transaction of the application
     * @param name what to have
     * @param owner who asks
     * @param timeToLive how long
     * @return {@code Granted} or {@code Held}
     * @throws SQLException what the driver reports
     */
    public abstract LeaseResult acquire(Connection connection, String name, String owner, Duration timeToLive)
            throws SQLException;

    /**
     * Make leases last longer or shorter.
     *
     * @param connection a connection in no transaction of the application
     * @param leases maps each lease to how long it is to last from now; any number
     * @return those that last that long
     * @throws SQLException what the driver reports
     */
    public abstract Set<Lease> renew(Connection connection, Map<Lease, Duration> leases) throws SQLException;

    /**
     * End a lease.
     *
     * @param connection a connection in no transaction of the application
     * @param lease the lease
     * @return whether it was not over yet
     * @throws SQLException what the driver reports
     */
    public final boolean release(Connection connection, Lease lease) throws SQLException {
        String release = prepared("update $table set expires_at = -$now"
                + " where lease_key = ? and owner = ? and token = ? and expires_at > $now");
        try (PreparedStatement statement = connection.prepareStatement(timed(release))) {
            statement.setBytes(1, key(lease.name()));
            bind(statement, 2, lease.owner());
            statement.setLong(3, lease.token());
            return statement.executeUpdate() > 0;
        }
    }

    /**
     * Return the query of the newest token of a name, which keeps grants of the name from being committed until the transaction ends.
     *
     * @return a query with the {@link #key} as its parameter and the token, if there is one, as its result
     */
    public abstract String fence();

    /**
     * Forget names whose last lease ended {@value Leases#IDLE_DAYS} days ago, {@value #PURGE_ROWS} at a time.
     *
     * @param connection a connection in no transaction of the application
     * @return how many; there may be more unless there were none
     * @throws SQLException what the driver reports
     */
    public abstract int purge(Connection connection) throws SQLException;

    /**
     * Return the condition that a row is idle for so long. It is found by its token, which is a time before the end: an index of the end
     * would have to be written by each renewal.
     */
    final String idle(String prefix) {
        String time = database == Database.POSTGRESQL ? "(select $now)" : "$now"; // once for all rows
        return "%1$stoken <= %2$s - %3$d and abs(%1$sexpires_at) <= %2$s - %3$d"
                .formatted(prefix, time, TimeUnit.DAYS.toMicros(Leases.IDLE_DAYS));
    }

    /** Fill in the names of the tables, the time if it is the database's, and what is idle, of which there is a portion by index. */
    final String prepared(String template) {
        String text = template.replace("$table", table)
                .replace("$portion", idle("") + " order by token limit " + PURGE_ROWS)
                .replace("$l.idle", idle("l."));
        return clock == null ? text.replace("$now", database.nowMicros()) : text;
    }

    /** Fill in the time if it is that of this JVM. */
    final String timed(String prepared) {
        return clock == null ? prepared : prepared.replace("$now", Long.toString(clock.micros()));
    }

    /** Bind the name of an owner, or of a lease, as text that is compared byte by byte, which is binary where text has a collation. */
    final void bind(PreparedStatement statement, int index, String text) throws SQLException {
        if (database == Database.POSTGRESQL || database == Database.SQLITE) {
            statement.setString(index, text);
        } else {
            statement.setBytes(index, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Bind the four parameters of a grant that is one statement. */
    final void bind(PreparedStatement statement, String name, String owner, Duration timeToLive) throws SQLException {
        statement.setBytes(1, key(name));
        bind(statement, 2, name);
        bind(statement, 3, owner);
        statement.setLong(4, micros(timeToLive));
    }

    static int execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return statement.executeUpdate();
        }
    }

    /**
     * Return by what the rows of a name are found.
     *
     * @param name the name
     * @return its SHA-256
     */
    public static byte[] key(String name) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static long micros(Duration duration) {
        return TimeUnit.MILLISECONDS.toMicros(duration.toMillis()) + duration.toNanosPart() / 1_000 % 1_000;
    }

    static LeaseResult granted(long token, long micros) {
        return new Granted(token, Duration.of(micros, ChronoUnit.MICROS));
    }

    /** What is held, or may be free any moment if the time is over or not known. */
    static LeaseResult held(long micros) {
        return new Held(Duration.of(Math.max(0, micros), ChronoUnit.MICROS));
    }
}
