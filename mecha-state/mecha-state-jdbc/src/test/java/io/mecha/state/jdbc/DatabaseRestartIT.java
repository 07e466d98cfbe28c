// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.LockOptions;
import io.mecha.coordination.engine.Coordination;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.Eventually;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that is stopped and started while locks are held and waited for. */
class DatabaseRestartIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final LockOptions OPTIONS = LockOptions.defaults().lease(Duration.ofSeconds(30));

    @TempDir
    private Path directory;

    @Test
    void keepsLocksAndThoseWhoWaitForThem() throws Exception {
        int port = freePort();
        EmbeddedPostgres database = start(port);
        String url = database.getJdbcUrl("postgres", "postgres");
        try (HikariDataSource first = DataSources.impatientPool(url, 4);
                HikariDataSource second = DataSources.impatientPool(url, 4);
                StateBackend backend = backend(first);
                StateBackend other = backend(second);
                Coordination holder = node(backend);
                Coordination waiter = node(other)) {
            HeldLock held = holder.locks().lock("name", OPTIONS).acquire();
            HeldLock quiet = holder.locks().lock("quiet", OPTIONS).acquire();
            CompletableFuture<Optional<HeldLock>> next = CompletableFuture.supplyAsync(
                    () -> waiter.locks().lock("name", OPTIONS).tryAcquire(PATIENCE));

            database.close();
            database = start(port);

            held.assertValid();
            Eventually.eventually(
                    PATIENCE,
                    () -> assertThatCode(() -> held.extend(Duration.ofSeconds(20))) // asks the database
                            .doesNotThrowAnyException());
            assertThat(next).isNotDone();
            held.close();
            HeldLock taken = next.get(1, TimeUnit.MINUTES).orElseThrow();
            assertThat(taken.token().value()).isGreaterThan(held.token().value());
            assertThat(quiet.isValid()).isTrue();
            quiet.close();
            assertThat(waiter.locks().lock("quiet", OPTIONS).tryAcquire(PATIENCE))
                    .hasValueSatisfying(heir -> assertThat(heir.token().value())
                            .isGreaterThan(quiet.token().value()));
        } finally {
            database.close();
        }
    }

    private static Coordination node(StateBackend backend) {
        return Coordination.builder("carts", "jdbc", "", backend.capabilities()).build();
    }

    private static StateBackend backend(HikariDataSource pool) {
        StateBackend backend = JdbcStateBackend.create("carts", pool, JdbcStateOptions.DEFAULTS, false);
        backend.ping();
        return backend;
    }

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
