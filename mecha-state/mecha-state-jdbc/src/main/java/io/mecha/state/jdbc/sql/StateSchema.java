// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import io.mecha.jdbc.Schema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The schema of the table. */
public final class StateSchema {

    private static final String DIRECTORY = "/io/mecha/state/jdbc/";
    private static final Pattern TABLE = Pattern.compile("\\bmecha_state\\b");
    private static final Pattern INDEX = Pattern.compile("\\bmecha_state(?=_expires_at\\b)");

    private StateSchema() {}

    /**
     * See that the table is there.
     *
     * @param connection a connection to the database
     * @param dialect what it speaks, of which table
     * @param create whether to create a table that is missing
     * @throws SQLException if there is no such table then
     */
    public static void ensure(Connection connection, Dialect dialect, boolean create) throws SQLException {
        new Schema(
                        dialect.table.name(),
                        dialect.statements().probe().text(),
                        () -> statements(dialect),
                        "Create it with classpath:io/mecha/state/jdbc/%s, or set mecha.state.jdbc.initialize-schema to always."
                                .formatted(dialect.database().schemaFile()))
                .ensure(connection, create);
    }

    /**
     * Return the statements that create the table.
     *
     * @param dialect what the database speaks, of which table
     * @return the statements, in order
     */
    public static List<String> statements(Dialect dialect) {
        String script = Schema.read(StateSchema.class, DIRECTORY, dialect.database());
        script = TABLE.matcher(script).replaceAll(Matcher.quoteReplacement(dialect.table.name()));
        script = INDEX.matcher(script).replaceAll(Matcher.quoteReplacement(dialect.indexPrefix()));
        return Schema.statements(script);
    }
}
