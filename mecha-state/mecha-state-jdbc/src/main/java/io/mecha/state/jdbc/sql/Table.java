// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import java.util.regex.Pattern;

/**
 * The name of the table that has the state.
 *
 * @param name identifier that needs no quotes, optionally with a schema before it
 */
public record Table(String name) {
    /** The name of the table unless another is configured. */
    public static final String DEFAULT_NAME = "mecha_state";

    private static final Pattern VALID =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,47}\\.)?[A-Za-z_][A-Za-z0-9_]{0,47}");

    /**
     * Check the name.
     *
     * @throws IllegalArgumentException if it is no such identifier
     */
    public Table {
        if (!isValid(name)) {
            throw new IllegalArgumentException("'%s' cannot name a table".formatted(name));
        }
    }

    /**
     * Tell whether a name can be used without quotes.
     *
     * @param name the name
     * @return whether it is an identifier, optionally after a schema and a dot
     */
    public static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    /**
     * Return the schema, with a dot at its end.
     *
     * @return the schema; empty for the default one
     */
    public String schema() {
        return name.substring(0, name.indexOf('.') + 1);
    }

    /**
     * Return the name without its schema.
     *
     * @return the part after the dot
     */
    public String simpleName() {
        return name.substring(name.indexOf('.') + 1);
    }
}
