// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A use of a connection; it may run again after the database undid it. */
@FunctionalInterface
interface Work<T extends @Nullable Object> {

    T run(Session session) throws SQLException;
}
