// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Bindings over a table of PostgreSQL, MariaDB or SQLite as a queue; also the outbox. */
@NullMarked
package io.mecha.binding.jdbc;

import org.jspecify.annotations.NullMarked;
