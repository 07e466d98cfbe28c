// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.mecha.MechaException;
import io.mecha.state.StateBackendException;
import io.mecha.state.StateUnavailableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlErrorsTests {

    private static final String VALUE = "4111-1111-1111-1111";

    private final SqlErrors errors = new SqlErrors("carts", "jdbc");

    @Test
    void tellsWhetherALostWriteMayHaveHappened() {
        for (SQLException lost : new SQLException[] {
            new SQLException("I/O error", "08006"),
            new SQLException("admin shutdown", "57P01"),
            new SQLTransientConnectionException("timed out"),
            new SQLTimeoutException("too slow"),
            new SQLException("canceled", "57014"),
            new SQLException("lock wait timeout", "HY000", 1205),
            new SQLException("failed to read auto-increment value", "HY000", 1467)
        }) {
            assertThat(errors.translate(lost, true))
                    .asInstanceOf(type(StateUnavailableException.class))
                    .returns(true, StateUnavailableException::mayHaveHappened)
                    .returns(lost, Throwable::getCause);
            assertThat(errors.translate(lost, false))
                    .asInstanceOf(type(StateUnavailableException.class))
                    .returns(false, StateUnavailableException::mayHaveHappened);
        }
    }

    @Test
    void keepsTheCauseOfErrorsThatAreNotAboutData() {
        for (String state : new String[] {"42501", "53100", "42P01", "28000", "58030"}) {
            SQLException refused = new SQLException("permission denied", state);

            assertThat(errors.translate(refused, true))
                    .isInstanceOf(StateBackendException.class)
                    .hasCause(refused)
                    .hasMessageContaining(state);
        }
    }

    @Test
    void tellsAWrongPasswordFromADatabaseThatIsAway() {
        SQLException wrong = new SQLException("password authentication failed", "28P01");
        SQLException pool = new SQLTransientConnectionException("no connection within 30 s", "28P01", wrong);

        assertThat(errors.unreachable(pool))
                .isInstanceOf(StateBackendException.class)
                .hasMessageContaining("user or password")
                .hasMessageContaining("spring.datasource.password")
                .hasCause(pool);
        assertThat(errors.translate(pool, false)).hasMessageContaining("user or password");
        assertThat(errors.unreachable(new SQLTransientConnectionException("no route", "08001")))
                .isInstanceOf(StateUnavailableException.class);
    }

    @Test
    void neverShowsAStoredValue() {
        Map<String, Integer> aboutData = Map.of("23502", 0, "22001", 0, "P0001", 0, "42000", 1064, "HY000", 1366);

        aboutData.forEach((state, code) -> assertThat(printed(
                        errors.translate(new SQLException("Failing row contains (" + VALUE + ")", state, code), true)))
                .contains(state)
                .doesNotContain(VALUE));
    }

    @Test
    void neverShowsTheStatementOfABatch() {
        BatchUpdateException batch =
                new BatchUpdateException("Batch entry 0 insert (" + VALUE + ") was aborted", "53100", 0, new int[0]);
        batch.setNextException(new SQLException("disk full", "53100"));

        assertThat(printed(errors.translate(batch, true))).contains("disk full").doesNotContain(VALUE);
    }

    private static String printed(MechaException failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text)); // allow PrintStackTrace: it is what a log would print
        return text.toString();
    }
}
