// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import org.jspecify.annotations.Nullable;

/** Speak MySQL, which shares its SQL with MariaDB but cannot return what it has written. */
final class MySqlDialect extends MariaDbDialect {

    MySqlDialect(Table table) {
        super(table);
    }

    @Override
    @Nullable String create() {
        return null;
    }

    @Override
    boolean createReturns() {
        return false;
    }
}
