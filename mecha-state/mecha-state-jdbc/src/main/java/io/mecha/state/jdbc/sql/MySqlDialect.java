// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import org.jspecify.annotations.Nullable;

/** The SQL of MySQL, which is that of MariaDB without returning written rows. */
final class MySqlDialect extends MariaDbDialect {

    MySqlDialect(Table table) {
        super(table);
    }

    @Override
    @Nullable String create() {
        return null;
    }

    @Override
    public boolean createReturns() {
        return false;
    }
}
