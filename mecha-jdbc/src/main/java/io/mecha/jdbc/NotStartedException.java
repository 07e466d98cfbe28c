// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import java.sql.SQLException;

/** A failure before anything was sent, so that nothing happened. */
public final class NotStartedException extends SQLException {

    private static final long serialVersionUID = 1L;

    private final SQLException reason;

    NotStartedException(SQLException reason) {
        super("The database cannot be used", reason.getSQLState(), reason);
        this.reason = reason;
    }

    /**
     * Return why.
     *
     * @return what the driver, the pool or the check of the table reported
     */
    public SQLException reason() {
        return reason;
    }
}
