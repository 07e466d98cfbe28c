// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;

class SqlFailuresTests {

    @Test
    void knowsThatADatabaseDoesNotLetAnyoneIn() {
        SQLException wrong = new SQLException("password authentication failed", "28P01");

        assertThat(SqlFailures.isDenied(wrong)).isTrue();
        assertThat(SqlFailures.isDenied(new SQLInvalidAuthorizationSpecException()))
                .isTrue();
        assertThat(SqlFailures.isDenied(new SQLTransientConnectionException("timed out", "08001", wrong)))
                .isTrue();
        assertThat(SqlFailures.isDenied(new IllegalStateException("the pool did not start", wrong)))
                .isTrue();
    }

    @Test
    void knowsThatADatabaseIsAwayOrSaysSomethingElse() {
        assertThat(SqlFailures.isDenied(new SQLException("no route", "08001"))).isFalse();
        assertThat(SqlFailures.isDenied(new SQLException("permission denied for table", "42501")))
                .isFalse();
        assertThat(SqlFailures.isDenied(new SQLException())).isFalse();
    }
}
