// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.test.Together;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SchemaTests {

    private static final String BOTH = "select a.x, b.x from a, b";
    private static final List<String> STATEMENTS = List.of(
            "create table if not exists a (x bigint)",
            "create index if not exists a_x on a (x)",
            "create table if not exists b (x bigint)");

    private static Connection connect(String name) throws SQLException {
        return DriverManager.getConnection("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
    }

    private static Schema schema(Supplier<List<String>> statements) {
        return new Schema("a", BOTH, statements, "Create it.");
    }

    @Test
    void goesOnWhereAnotherHasNotMadeAllOfIt() throws SQLException {
        Iterator<List<String>> attempts = List.of(
                        List.of(STATEMENTS.get(0), "create index a_x on nowhere (x)"), STATEMENTS)
                .iterator();
        try (Connection connection = connect("half")) {
            schema(attempts::next).ensure(connection, true);

            assertThat(connection.createStatement().executeQuery(BOTH).next()).isFalse();
        }
    }

    @Test
    void saysAtTheEndWhatWasRefusedFirst() throws SQLException {
        try (Connection connection = connect("refused")) {
            assertThatExceptionOfType(SchemaException.class)
                    .isThrownBy(() ->
                            schema(() -> List.of("create table c (x nothing)")).ensure(connection, true))
                    .havingRootCause()
                    .withMessageContaining("NOTHING");
        }
    }

    @Test
    void isMadeByManyAtOnce() throws Exception {
        for (int round = 0; round < 50; round++) {
            String name = "many" + round;
            Callable<Boolean> node = () -> {
                try (Connection connection = connect(name)) {
                    schema(() -> STATEMENTS).ensure(connection, true);
                    return true;
                }
            };

            assertThat(Together.run(Collections.nCopies(8, node))).hasSize(8);
        }
    }
}
