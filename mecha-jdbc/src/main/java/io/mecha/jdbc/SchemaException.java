// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.SQLException;

/** The failure of a database that answers but lacks what an adapter needs. */
public final class SchemaException extends SQLException {

    private static final long serialVersionUID = 1L;

    private final String action;

    /**
     * Report it.
     *
     * @param problem what is wrong, part of a sentence
     * @param action what to do
     * @param cause what the server said
     */
    public SchemaException(String problem, String action, SQLException cause) {
        super(problem, cause.getSQLState(), cause.getErrorCode(), cause);
        this.action = action;
    }

    /**
     * Report it.
     *
     * @param problem what is wrong, part of a sentence
     * @param action what to do
     */
    public SchemaException(String problem, String action) {
        super(problem);
        this.action = action;
    }

    /**
     * Return what to do.
     *
     * @return a sentence
     */
    public String action() {
        return action;
    }
}
