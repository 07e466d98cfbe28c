// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The embedded SQLite file: its lock, its connections and the watch over it. */
@NullMarked
package io.mecha.state.jdbc.sqlite;

import org.jspecify.annotations.NullMarked;
