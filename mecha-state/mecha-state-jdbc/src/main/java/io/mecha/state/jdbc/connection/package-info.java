// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Calls on the database: connections, repetition and the translation of errors. */
@NullMarked
package io.mecha.state.jdbc.connection;

import org.jspecify.annotations.NullMarked;
