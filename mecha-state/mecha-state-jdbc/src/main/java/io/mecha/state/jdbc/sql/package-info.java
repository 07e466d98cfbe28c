// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The SQL of the state table: the dialects, the statements, and what runs them on one connection. */
@NullMarked
package io.mecha.state.jdbc.sql;

import org.jspecify.annotations.NullMarked;
