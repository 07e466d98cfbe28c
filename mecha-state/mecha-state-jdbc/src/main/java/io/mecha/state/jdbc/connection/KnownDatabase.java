// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.connection;

import io.mecha.state.jdbc.sql.Dialect;

/**
 * The facts about a database that answers.
 *
 * @param dialect what it speaks
 * @param maximumValueSize the most bytes that it takes as a value
 */
public record KnownDatabase(Dialect dialect, int maximumValueSize) {}
