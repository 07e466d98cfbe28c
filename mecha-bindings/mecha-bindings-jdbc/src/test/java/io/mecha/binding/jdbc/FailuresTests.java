// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

class FailuresTests {

    @ParameterizedTest
    @CsvSource({
        "22001, 0, true, true", // does not fit
        "22021, 0, true, true", // a character that the database does not know
        "08S01, 1153, true, true", // larger than max_allowed_packet
        "22001, 0, false, false", // one of several: nobody knows which
        "53100, 0, true, false", // the disk is full
        "42501, 0, true, false", // a right is missing
        "08006, 0, true, false" // the connection was lost
    })
    void tellsWhatWillNeverBeTakenFromWhatMayBeLater(String state, int code, boolean sole, boolean permanent) {
        assertThat(Failures.send("orders", new SQLException("no", state, code), false, sole)
                        .permanent())
                .isEqualTo(permanent);
    }

    @ParameterizedTest
    @CsvSource({
        "53100, 0, full, Make room", // PostgreSQL
        "HY000, 1021, full, Make room", // MariaDB
        "XX001, 0, damaged, backup",
        "25006, 0, read-only, primary"
    })
    void tellsWhatIsWrongWithTheStorage(String state, int code, String problem, String action) {
        SQLException failure = new SQLException("no", state, code);

        assertThat(Failures.send("orders", failure, false, true))
                .hasMessageContainingAll("MECHA-B303", problem, action)
                .returns(false, SendException::permanent)
                .returns(false, SendException::mayHaveHappened);
        assertThat(Failures.other("orders", "counting", failure))
                .hasMessageContainingAll("MECHA-B308", "counting", problem, action);
        assertThat(Failures.reason(failure)).contains(problem);
    }

    @Test
    void asksWhetherTheDatabaseCanBeWritten(@TempDir Path directory) {
        String url = "jdbc:sqlite:" + directory.resolve("test.db");
        AtomicReference<String> mode = new AtomicReference<>("");
        JdbcBindingBackendFactory factory = TestSettings.factory(new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return DriverManager.getConnection(url + mode.get());
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                return getConnection();
            }
        });
        BindingBackend backend = TestSettings.backend(factory, "orders");
        backend.ping();

        mode.set("?open_mode=1");

        assertThatThrownBy(backend::ping)
                .isInstanceOf(BindingBackendException.class)
                .hasMessageContainingAll("orders", "read-only");
        backend.close();
    }
}
