// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.jdbc.Database;
import io.mecha.jdbc.Guard;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.jdbc.connection.Calls;
import io.mecha.state.jdbc.connection.Connections;
import io.mecha.state.jdbc.connection.KnownDatabase;
import io.mecha.state.jdbc.connection.SqlErrors;
import io.mecha.state.jdbc.sql.Dialect;
import io.mecha.state.jdbc.sql.Row;
import io.mecha.state.jdbc.sql.Session;
import io.mecha.state.jdbc.sql.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GroupCommitTests {

    private static final int CALLERS = 32;

    @Test
    void tellsNobodyOfACommitWhenAnErrorEndsTheLeader() throws Exception {
        GroupCommit group = group();
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try {
            List<Future<Object>> outcomes = new ArrayList<>();
            for (int number = 0; number < CALLERS; number++) {
                Row row = new Row("key-" + number, new byte[0], "v-" + number, null);
                outcomes.add(callers.submit(() -> outcome(() -> group.put(row))));
            }

            for (Future<Object> outcome : outcomes) {
                assertThat(outcome.get(60, TimeUnit.SECONDS))
                        .isInstanceOfAny(StackOverflowError.class, StateUnavailableException.class);
            }
        } finally {
            callers.shutdownNow();
        }
    }

    private static GroupCommit group() {
        KnownDatabase known = new KnownDatabase(Dialect.of(Database.POSTGRESQL, new Table("mecha_state"), null), 1);
        SqlErrors errors = new SqlErrors("carts", "jdbc");
        Connections broken = new Connections() {

            @Override
            public Session open(Dialect dialect, boolean writes) {
                throw new StackOverflowError();
            }

            @Override
            public void close() {}
        };
        Guard<KnownDatabase> guard = new Guard<>("carts", Duration.ofSeconds(5), known, () -> known);
        return new GroupCommit(new Calls("carts", guard, broken, errors), errors);
    }

    private static Object outcome(Callable<Object> call) {
        try {
            return call.call();
        } catch (Exception | StackOverflowError failure) { // allow CatchException: the test looks at it
            return failure;
        }
    }
}
