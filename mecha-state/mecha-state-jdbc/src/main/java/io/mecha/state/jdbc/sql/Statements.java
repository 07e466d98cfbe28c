// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import org.jspecify.annotations.Nullable;

/**
 * The statements on one row, prepared once for a table.
 *
 * <p>Parameters in order: {@code put}, {@code create} and {@code insert} take key, value, version and time to live;
 * {@code renew} takes value, version, time to live and key; {@code replace} the same and the version expected.
 *
 * @param read value, version and expiry of a live key
 * @param readLocked the same, as of now and locked
 * @param version version of a live key
 * @param versionLocked the same, as of now and locked
 * @param put write whatever is there
 * @param create write if there is no live row; one that needs {@code renew} fails with a duplicate key on any row
 * @param renew overwrite an expired row; {@code null} if {@code create} does that
 * @param insert write if there is no row at all
 * @param replace write over a live row of a version
 * @param remove delete a live row
 * @param removeVersion delete a live row of a version
 * @param delete delete a row, live or not
 * @param purge delete a bounded number of expired rows
 * @param scanFrom keys from one on, that one included
 * @param scanAfter keys after one
 * @param probe name every column, return nothing
 */
public record Statements(
        Sql read,
        Sql readLocked,
        Sql version,
        Sql versionLocked,
        Sql put,
        Sql create,
        @Nullable Sql renew,
        Sql insert,
        Sql replace,
        Sql remove,
        Sql removeVersion,
        Sql delete,
        Sql purge,
        Sql scanFrom,
        Sql scanAfter,
        Sql probe) {}
