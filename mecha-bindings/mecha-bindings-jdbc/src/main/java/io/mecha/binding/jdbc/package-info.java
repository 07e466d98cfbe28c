// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * Bindings over a table of PostgreSQL, MariaDB, MySQL, SQLite or H2 as a queue.
 *
 * <p>Start with {@link io.mecha.binding.jdbc.JdbcBindingBackendFactory}.
 */
@NullMarked
package io.mecha.binding.jdbc;

import org.jspecify.annotations.NullMarked;
