// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * See that the table is there.
 *
 * <p>Looks before it creates, so that a user without the privilege to create tables is enough once the table is there.
 * Two nodes that create it at the same time may collide in the server's catalogue; whoever loses looks again.
 */
final class Schema {

    private static final Pattern TABLE = Pattern.compile("\\bmecha_state\\b");
    private static final Pattern INDEX = Pattern.compile("\\bmecha_state(?=_expires_at\\b)");
    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");

    private Schema() {}

    static void ensure(Connection connection, Dialect dialect, boolean create) throws SQLException {
        try {
            probe(connection, dialect);
            return;
        } catch (SQLException e) {
            throwIfLost(connection, e);
            if (!create) {
                throw missing(dialect, e);
            }
        }
        try {
            create(connection, dialect);
        } catch (SQLException e) {
            throwIfLost(connection, e);
            confirm(connection, dialect, e);
            return;
        }
        confirm(connection, dialect, null);
    }

    private static void confirm(Connection connection, Dialect dialect, @Nullable SQLException created)
            throws SQLException {
        try {
            probe(connection, dialect);
        } catch (SQLException e) {
            throwIfLost(connection, e);
            throw missing(dialect, created == null ? e : created);
        }
    }

    // A pool closes a connection that it finds broken, and then says no more than that it is closed.
    private static void throwIfLost(Connection connection, SQLException failure) throws SQLException {
        if (SqlErrors.isLost(failure)) {
            throw failure;
        }
        if (connection.isClosed()) {
            throw new SQLNonTransientConnectionException("The connection was lost", "08003", failure);
        }
    }

    /** Fail unless the table and all its columns are there. */
    static void probe(Connection connection, Dialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(dialect.statements().probe())) {
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

    private static void create(Connection connection, Dialect dialect) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements(dialect)) {
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

    static List<String> statements(Dialect dialect) {
        String script = COMMENT.matcher(read(dialect.database())).replaceAll("");
        script = TABLE.matcher(script).replaceAll(Matcher.quoteReplacement(dialect.table.name()));
        script = INDEX.matcher(script).replaceAll(Matcher.quoteReplacement(dialect.indexPrefix()));
        return Pattern.compile(";\\s*")
                .splitAsStream(script)
                .map(String::strip)
                .filter(sql -> !sql.isEmpty())
                .toList();
    }

    private static String read(Database database) {
        try (InputStream file = Schema.class.getResourceAsStream(database.schemaFile())) {
            if (file == null) {
                throw new IllegalStateException(database.schemaFile() + " is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SchemaException missing(Dialect dialect, SQLException cause) {
        return new SchemaException(
                "table '%s' is not there as it should be".formatted(dialect.table.name()),
                "Create it with classpath:io/mecha/state/jdbc/%s, or set mecha.state.jdbc.initialize-schema to always."
                        .formatted(dialect.database().schemaFile()),
                cause);
    }
}
