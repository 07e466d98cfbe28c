// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * Key-value state in relational databases: the embedded SQLite file, PostgreSQL, MariaDB, MySQL and H2.
 *
 * <p>Start with {@link io.mecha.state.jdbc.JdbcStateBackend}.
 */
@NullMarked
package io.mecha.state.jdbc;

import org.jspecify.annotations.NullMarked;
