// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.test.TestClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalClockTests {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final AtomicLong nanos = new AtomicLong(-42);
    private final LocalClock clock = new LocalClock(wall::get, nanos::get);

    @Test
    void beginsWithTheClockAndGoesOnWithIt() {
        assertThat(now()).isEqualTo(START);

        pass(Duration.ofHours(1));

        assertThat(now()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(clock.millis()).isEqualTo(now().toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void followsTheClockByAThousandthWhenItIsSet(long hours) {
        wall.updateAndGet(now -> now.plus(Duration.ofHours(hours)));

        assertThat(now()).isEqualTo(START);
        for (int second = 0; second < 2_000; second++) {
            pass(Duration.ofSeconds(2));
            assertThat(now()).isNotNull();
        }
        assertThat(Duration.between(START, now()).minusSeconds(4_000)).isEqualTo(Duration.ofSeconds(4 * hours));
    }

    @Test
    void agreesWithTheClockInTheEnd() {
        wall.updateAndGet(now -> now.minusMillis(10));

        for (int second = 0; second < 10; second++) {
            pass(Duration.ofSeconds(2));
            assertThat(now()).isNotNull();
        }

        assertThat(now()).isEqualTo(wall.get());
    }

    @Test
    void neverGoesBack() {
        long last = clock.micros();
        for (int i = 0; i < 100; i++) {
            wall.updateAndGet(now -> now.minusSeconds(3_600));
            pass(Duration.ofMillis(i * 50L));
            long now = clock.micros();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
    }

    @Test
    void doesNotGoBackToWhatALateThreadHasSeen() {
        nanos.addAndGet(Duration.ofMillis(5).toNanos());
        long last = clock.micros();

        nanos.addAndGet(-Duration.ofMillis(1).toNanos());

        assertThat(clock.micros()).isEqualTo(last);
    }

    @Test
    void takesTheTimeOfATest() {
        TestClock test = new TestClock();
        LocalClock virtual = LocalClock.of(test);
        test.jump(Duration.ofHours(-1));
        test.advance(Duration.ofSeconds(90));

        assertThat(virtual.millis()).isEqualTo(test.elapsed().toEpochMilli());
    }

    @Test
    void isOneForAllDatabasesOfTheJvm() {
        assertThat(LocalClock.of(InstantSource.system())).isSameAs(LocalClock.of(InstantSource.fixed(START)));
    }

    @Test
    void leavesServersTheirOwnClock() throws Exception {
        Server server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        try {
            assertThat(isLocal("jdbc:h2:tcp://localhost:%d/mem:served".formatted(server.getPort())))
                    .isFalse();
        } finally {
            server.stop();
        }
        assertThat(isLocal("jdbc:h2:mem:here")).isTrue();
        assertThat(isLocal("jdbc:h2:./target/here;AUTO_SERVER=TRUE")).isFalse();
    }

    private static boolean isLocal(String url) throws SQLException {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(url);
            pool.setMaximumPoolSize(1);
            try (Connection connection = pool.getConnection()) {
                return LocalClock.of(Database.H2, pool, connection, InstantSource.system())
                        .isPresent();
            }
        }
    }

    private void pass(Duration duration) {
        wall.updateAndGet(now -> now.plus(duration));
        nanos.addAndGet(duration.toNanos());
    }

    private Instant now() {
        return Instant.EPOCH.plus(clock.micros(), ChronoUnit.MICROS);
    }
}
