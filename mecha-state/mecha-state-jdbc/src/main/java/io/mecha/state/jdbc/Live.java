// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

/**
 * The facts about a database that answers.
 *
 * @param dialect what it speaks
 * @param maximumValueSize the most bytes that it takes as a value
 */
record Live(Dialect dialect, int maximumValueSize) {}
