// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.jdbc.Database;
import io.mecha.jdbc.LocalClock;
import io.mecha.jdbc.lease.LeaseTable;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of one product.
 *
 * <p>Time is the database's: {@link #now()} is milliseconds since the epoch, evaluated by the server when the statement
 * runs, so that nodes whose clocks differ agree on what has expired. A database in this JVM is told the time of {@link LocalClock}.
 */
public abstract class Dialect {
    /** The most rows that one statement of a purge deletes. */
    public static final int PURGE_ROWS = 1_000;

    final Table table;
    private final Statements statements;
    private final LeaseTable leases;
    private final Sql fence;
    private final @Nullable LocalClock clock;

    Dialect(Table table, @Nullable LocalClock clock) {
        this(table, clock, clock);
    }

    Dialect(Table table, @Nullable LocalClock clock, @Nullable LocalClock clockOfLeases) {
        this.table = table;
        this.clock = clock;
        this.statements = prepare();
        this.leases = LeaseTable.of(database(), table.schema(), clockOfLeases);
        this.fence = Sql.of(leases.fence());
    }

    /**
     * Return the dialect of a product.
     *
     * @param database the product
     * @param table the table that has the state
     * @param clock the time of a database that runs in this JVM; {@code null} for its own
     * @return a dialect with its statements
     */
    public static Dialect of(Database database, Table table, @Nullable LocalClock clock) {
        return of(database, table, clock, clock);
    }

    /**
     * Return the dialect of a product whose leases may have another time than its state.
     *
     * @param database the product
     * @param table the table that has the state
     * @param clock the time of a database that runs in this JVM; {@code null} for its own
     * @param clockOfLeases the same for leases; {@code null} as well if other JVMs may have the file, so that all agree
     * @return a dialect with its statements
     */
    public static Dialect of(
            Database database, Table table, @Nullable LocalClock clock, @Nullable LocalClock clockOfLeases) {
        return switch (database) {
            case POSTGRESQL -> new PostgresDialect(table);
            case MARIADB -> new MariaDbDialect(table);
            case MYSQL -> new MySqlDialect(table);
            case H2 -> new H2Dialect(table, clock);
            case SQLITE -> new SqliteDialect(table, clock, clockOfLeases);
        };
    }

    /** Return what the user calls this product. */
    abstract Database database();

    /**
     * Return the SQL of leases.
     *
     * @return works on tables beside the one of the state
     */
    public final LeaseTable leases() {
        return leases;
    }

    /**
     * Return the query of the newest token of a name, which keeps grants of the name from being committed until the transaction ends.
     *
     * @return {@link LeaseTable#fence()}
     */
    public final Sql fence() {
        return fence;
    }

    /** Return the expression for the current time in milliseconds, of which {@link Sql} makes a parameter where it is not the server's. */
    final String now() {
        return clock == null ? database().now() : typed(Sql.TIME);
    }

    /** Say of a parameter that it is a number, where the product does not see that by itself. */
    String typed(String parameter) {
        return parameter;
    }

    /** Return the time to bind. */
    final long time() {
        return clock == null ? 0 : clock.millis();
    }

    /** Return the statement that writes whatever is there. */
    abstract String put();

    /** Return the statement that writes if there is no row; it must neither change one nor, on PostgreSQL, fail. */
    abstract String insert();

    /** Return the statement that writes if there is no live row, or {@code null} to insert and then renew. */
    abstract @Nullable String create();

    /**
     * Tell whether {@link Statements#create} answers with the version that is there then, and no count.
     *
     * @return whether it is a query
     */
    public boolean createReturns() {
        return false;
    }

    /** Return the statement that deletes {@value #PURGE_ROWS} expired rows. */
    abstract String purge();

    /**
     * Return how several rows are read and written at once.
     *
     * @return the bulk statements
     */
    public abstract Bulk bulk();

    /**
     * Return the most bytes of a value that are safe without asking the server.
     *
     * @return bytes
     */
    public abstract int maximumValueSize();

    /**
     * Ask the server how many bytes of a value it takes, where that is configured.
     *
     * @param connection a connection to it
     * @return bytes
     * @throws SQLException if it does not answer
     */
    public int maximumValueSize(Connection connection) throws SQLException {
        return maximumValueSize();
    }

    /** Tell whether keys are bytes because text would be compared with a collation. */
    boolean binaryKeys() {
        return false;
    }

    /**
     * Tell whether a statement timeout costs no round trip and does not outlive the statement.
     *
     * @return whether to set one
     */
    public boolean cheapTimeout() {
        return true;
    }

    /** Return what to run before a transaction of our own, if anything. */
    final @Nullable String beforeTransaction() {
        return database().beforeTransaction();
    }

    /** Return what locks the rows a query returns. */
    String forUpdate() {
        return " for update";
    }

    /** Return the name of an index on the table, as the product wants to see it. */
    String indexPrefix() {
        return table.simpleName();
    }

    /** Tell whether an insert failed because the key is there. */
    boolean isDuplicate(SQLException exception) {
        return "23505".equals(exception.getSQLState());
    }

    /**
     * Tell whether the driver wakes a thread for each statement that has a timeout, so that one watch over all is cheaper.
     *
     * @return whether not to leave timeouts to the driver
     */
    public boolean driverHasTimers() {
        return false;
    }

    /**
     * Tell whether the server undid a statement or transaction that works when it is run again.
     *
     * @param exception what the driver reported
     * @return whether to run it again
     */
    public boolean isTransient(SQLException exception) {
        return database().isTransient(exception);
    }

    /**
     * Return the statements on one row.
     *
     * @return the statements of the table
     */
    public final Statements statements() {
        return statements;
    }

    final String alive() {
        return "(expires_at is null or expires_at > " + now() + ")";
    }

    final String expired() {
        return "expires_at <= " + now();
    }

    /** Return the expression for the expiry, given a time to live in milliseconds or {@code null}. */
    final String expiry(String timeToLive) {
        return now() + " + " + timeToLive;
    }

    final String columns() {
        return "(state_key, state_value, version, expires_at)";
    }

    final void bindKey(PreparedStatement statement, int index, String key) throws SQLException {
        if (binaryKeys()) {
            statement.setBytes(index, key.getBytes(StandardCharsets.UTF_8));
        } else {
            statement.setString(index, key);
        }
    }

    /**
     * Read a key.
     *
     * @param row the row
     * @param column its column, from 1
     * @return the key
     * @throws SQLException if the driver cannot read it
     */
    public final String readKey(ResultSet row, int column) throws SQLException {
        return binaryKeys() ? new String(row.getBytes(column), StandardCharsets.UTF_8) : row.getString(column);
    }

    private Statements prepare() {
        String name = table.name();
        String set = "update " + name + " set state_value = ?, version = ?, expires_at = " + expiry("?");
        String key = " where state_key = ?";
        String read = "select state_value, version, expires_at from " + name + key + " and " + alive();
        String version = "select version from " + name + key + " and " + alive();
        String scan = "select state_key from " + name + " where state_key %s ? and " + alive()
                + " order by state_key limit ?";
        String create = create();
        return new Statements(
                Sql.of(read),
                Sql.of(read + forUpdate()),
                Sql.of(version),
                Sql.of(version + forUpdate()),
                Sql.of(put()),
                Sql.of(create == null ? insert() : create),
                create == null ? Sql.of(set + key + " and " + expired()) : null,
                Sql.of(insert()),
                Sql.of(set + key + " and version = ? and " + alive()),
                Sql.of("delete from " + name + key + " and " + alive()),
                Sql.of("delete from " + name + key + " and version = ? and " + alive()),
                Sql.of("delete from " + name + key),
                Sql.of(purge()),
                Sql.of(scan.formatted(">=")),
                Sql.of(scan.formatted(">")),
                Sql.of("select state_key, state_value, version, expires_at from " + name + " where 1 = 0"));
    }
}
