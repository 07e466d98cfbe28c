// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.sql.SQLException;

/** Report a database that answers but lacks what this adapter needs. */
final class SchemaException extends SQLException {

    private static final long serialVersionUID = 1L;

    private final String action;

    SchemaException(String problem, String action, SQLException cause) {
        super(problem, cause.getSQLState(), cause.getErrorCode(), cause);
        this.action = action;
    }

    SchemaException(String problem, String action) {
        super(problem);
        this.action = action;
    }

    String action() {
        return action;
    }
}
