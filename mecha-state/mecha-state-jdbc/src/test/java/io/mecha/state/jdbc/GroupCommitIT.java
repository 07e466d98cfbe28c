// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static io.mecha.state.jdbc.Writes.put;
import static io.mecha.state.jdbc.Writes.text;
import static io.mecha.state.jdbc.Writes.version;
import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.state.StateBackendException;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.StateBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Isolated("its many callers have three seconds each")
class GroupCommitIT {

    private static final int CALLERS = 128;
    private static final int ROUNDS = 20;
    private static final JdbcStateOptions OPTIONS =
            new JdbcStateOptions(null, null, null, null, Duration.ofSeconds(3), true, null, null);

    private static PostgresServer server;

    private CountingDataSource counting;
    private StateBackend backend;
    private ExecutorService callers;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() {
        new JdbcTemplate(server.direct()).execute("drop table if exists mecha_state");
        counting = new CountingDataSource(server.first());
        backend = JdbcStateBackend.create("carts", counting, OPTIONS, false);
        backend.ping();
        counting.take();
        callers = Executors.newFixedThreadPool(CALLERS);
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        server.proxy().restore();
        backend.close();
    }

    @Test
    void writesALoneCallersValueWithOneStatement() {
        backend.write(put("key", "value"));

        assertThat(counting.take()).containsExactly("insert");
    }

    @Test
    void writesWhatManyCallersPut() throws Exception {
        Map<String, String> last = new ConcurrentHashMap<>();

        together(caller -> {
            for (int round = 0; round < ROUNDS; round++) {
                String key = "key-" + caller;
                last.put(key, version(backend.write(put(key, "value-" + round))));
                assertThat(text(backend, key)).isEqualTo("value-" + round);
            }
            return null;
        });

        assertThat(counting.take().stream().filter(call -> call.equals("insert")))
                .as("statements for %d writes", CALLERS * ROUNDS)
                .hasSizeLessThan(CALLERS * ROUNDS / 2);
        assertThat(backend.readAll(last.keySet()))
                .hasSize(CALLERS)
                .allSatisfy((key, entry) -> assertThat(entry.version()).isEqualTo(last.get(key)));
    }

    @Test
    void keepsOneOfTheValuesThatManyCallersPutUnderOneKey() throws Exception {
        List<String> versions = together(caller -> version(backend.write(put("key", "value-" + caller))));

        assertThat(versions)
                .doesNotHaveDuplicates()
                .contains(backend.read("key").version());
    }

    @Test
    void letsABadRowFailAlone() throws Exception {
        new JdbcTemplate(server.direct()).execute("alter table mecha_state add check (state_key not like 'bad%')");

        List<Boolean> written = together(caller -> {
            String key = (caller % 10 == 0 ? "bad-" : "good-") + caller;
            try {
                return backend.write(put(key, "value")).applied();
            } catch (StateBackendException e) {
                return false;
            }
        });

        for (int caller = 0; caller < CALLERS; caller++) {
            assertThat(written.get(caller)).isEqualTo(caller % 10 != 0);
        }
    }

    @Test
    void tellsEveryCallerWhenTheServerIsCut() throws Exception {
        List<Object> outcomes = together(caller -> {
            if (caller == 0) {
                server.proxy().cut();
            }
            try {
                return backend.write(put("key-" + caller, "value"));
            } catch (StateUnavailableException e) {
                return e;
            }
        });

        assertThat(outcomes)
                .hasSize(CALLERS)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfAny(WriteResult.Written.class, StateUnavailableException.class));
        assertThat(outcomes)
                .filteredOn(StateUnavailableException.class::isInstance)
                .isNotEmpty();
        server.proxy().restore();
        eventually(
                Duration.ofSeconds(20),
                () -> assertThat(attempt(() -> text(backend, "key-0"))).isNotInstanceOf(Exception.class));
    }

    @Test
    void staysInTheTransactionOfTheApplication() {
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(counting));

        transaction.executeWithoutResult(status -> {
            backend.write(put("key", "value"));
            status.setRollbackOnly();
        });

        assertThat(text(backend, "key")).isNull();
    }

    @Test
    void reportsTheErrorOfALoneCaller() {
        new JdbcTemplate(server.direct()).execute("alter table mecha_state add check (state_key not like 'bad%')");

        assertThatExceptionOfType(StateBackendException.class)
                .isThrownBy(() -> backend.write(put("bad", "secret")))
                .withMessageContaining("23514")
                .withNoCause();
    }

    private static Object attempt(Callable<Object> call) {
        try {
            Object result = call.call();
            return result == null ? "nothing" : result;
        } catch (Exception e) { // allow CatchException: the test looks at it
            return e;
        }
    }

    private interface Caller<T> {

        T call(int number) throws Exception;
    }

    private <T> List<T> together(Caller<T> caller) throws InterruptedException, ExecutionException {
        CyclicBarrier barrier = new CyclicBarrier(CALLERS);
        List<Callable<T>> tasks = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int number = i;
            tasks.add(() -> {
                barrier.await();
                return caller.call(number);
            });
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : callers.invokeAll(tasks)) {
            results.add(future.get());
        }
        return results;
    }
}
