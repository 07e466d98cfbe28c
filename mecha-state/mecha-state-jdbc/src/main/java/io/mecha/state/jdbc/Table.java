// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.util.regex.Pattern;

/**
 * The name of the table that has the state.
 *
 * @param name identifier that needs no quotes, optionally with a schema before it
 */
record Table(String name) {

    static final String DEFAULT_NAME = "mecha_state";

    private static final Pattern VALID =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]{0,47}\\.)?[A-Za-z_][A-Za-z0-9_]{0,47}");

    Table {
        if (!isValid(name)) {
            throw new IllegalArgumentException("'%s' cannot name a table".formatted(name));
        }
    }

    static boolean isValid(String name) {
        return VALID.matcher(name).matches();
    }

    /** Return the name without its schema. */
    String simpleName() {
        return name.substring(name.indexOf('.') + 1);
    }
}
