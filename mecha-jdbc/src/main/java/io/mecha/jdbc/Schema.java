// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The tables of an adapter, created where they are missing.
 *
 * <p>Looks before it creates, so that a user without the privilege to create tables is enough once the table is there.
 * Two nodes that create it at the same time may collide in the server's catalogue; the loser looks again.
 */
public final class Schema {

    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

    private final String name;
    /** Of several that create the same at once, one may be told that it exists, with the rest of it still to come. */
    private static final int ATTEMPTS = 3;

    private final String probe;
    private final Supplier<List<String>> statements;
    private final String action;

    /**
     * Describe tables.
     *
     * @param name what to call them, for messages
     * @param probe query that fails unless all tables and columns are there
     * @param statements create them
     * @param action what the user can do if they are missing, a sentence
     */
    public Schema(String name, String probe, Supplier<List<String>> statements, String action) {
        this.name = name;
        this.probe = probe;
        this.statements = statements;
        this.action = action;
    }

    /**
     * Look, and create what is missing.
     *
     * @param connection a connection in no transaction
     * @param create whether to create
     * @throws SchemaException if something is missing then
     * @throws SQLException if the connection is lost
     */
    public void ensure(Connection connection, boolean create) throws SQLException {
        try {
            probe(connection);
            return;
        } catch (SQLException e) {
            throwIfLost(connection, e);
            if (!create) {
                throw missing(e);
            }
        }
        SQLException failure = create(connection, null);
        for (int attempt = 1; failure != null && attempt < ATTEMPTS; attempt++) {
            failure = create(connection, failure);
        }
        if (failure != null) {
            throw missing(failure);
        }
    }

    /** Creates what is missing; returns why something is missing then, at best what was said at the first attempt. */
    private @Nullable SQLException create(Connection connection, @Nullable SQLException before) throws SQLException {
        SQLException refused = before;
        try {
            create(connection);
        } catch (SQLException e) {
            throwIfLost(connection, e);
            refused = refused == null ? e : refused;
        }
        try {
            probe(connection);
            return null;
        } catch (SQLException e) {
            throwIfLost(connection, e);
            return refused == null ? e : refused;
        }
    }

    // A pool closes a connection that it finds broken, and then says no more than that it is closed.
    private static void throwIfLost(Connection connection, SQLException failure) throws SQLException {
        if (SqlFailures.isLost(failure)) {
            throw failure;
        }
        if (connection.isClosed()) {
            throw new SQLNonTransientConnectionException("The connection was lost", "08003", failure);
        }
    }

    /** Fail unless the tables and all their columns are there. */
    private void probe(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(probe)) {
            rows.next();
        } catch (SQLException e) {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
            }
            throw e;
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
    }

    private void create(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements.get()) {
                statement.execute(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            if (!connection.isClosed()) {
                connection.rollback();
            }
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    /**
     * Split a script into statements.
     *
     * @param script statements that end with semicolons, and lines of comments
     * @return the statements
     */
    public static List<String> statements(String script) {
        return Pattern.compile(";\\s*")
                .splitAsStream(COMMENT.matcher(script).replaceAll(""))
                .map(String::strip)
                .filter(sql -> !sql.isEmpty())
                .toList();
    }

    /**
     * Read the script of a product.
     *
     * @param owner a class of the jar that has the scripts
     * @param directory their place, with a slash at its end; empty for beside the owner
     * @param database the product
     * @return the script
     */
    public static String read(Class<?> owner, String directory, Database database) {
        try (InputStream file = owner.getResourceAsStream(directory + database.schemaFile())) {
            if (file == null) {
                throw new IllegalStateException(database.schemaFile() + " is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SchemaException missing(SQLException cause) {
        return new SchemaException(
                "table '%s' is missing, or differs from its definition".formatted(name), action, cause);
    }
}
