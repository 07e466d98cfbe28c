// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class GuardTests {

    private static final Duration LONG = Duration.ofSeconds(20);
    private final SQLException gone = new SQLException("gone", "08006");

    private final Object live = new Object();

    @Test
    void waitsForTheFirstAttempt() throws SQLException {
        CountDownLatch asked = new CountDownLatch(1);
        try (Guard<Object> guard = new Guard<>("carts", LONG, null, () -> {
            asked.countDown();
            return live;
        })) {
            guard.start();

            assertThat(guard.live()).isSameAs(live);
            assertThat(asked.getCount()).isZero();
        }
    }

    @Test
    void doesNotWaitLongerThanTheTimeout() {
        CountDownLatch never = new CountDownLatch(1);
        try (Guard<Object> guard = new Guard<>("carts", Duration.ofMillis(50), null, () -> {
            awaiting(never);
            return live;
        })) {
            guard.start();

            assertThatThrownBy(guard::live).isInstanceOf(SQLTimeoutException.class);
            assertThatThrownBy(guard::live).isInstanceOf(SQLTimeoutException.class);
            never.countDown();
        }
    }

    @Test
    void failsWithTheCauseUntilAnAttemptSucceeds() {
        AtomicInteger failures = new AtomicInteger(2);
        try (Guard<Object> guard = new Guard<>("carts", LONG, null, () -> {
            if (failures.getAndDecrement() > 0) {
                throw gone;
            }
            return live;
        })) {
            guard.start();

            assertThatThrownBy(guard::live).isSameAs(gone);
            eventually(LONG, () -> assertThat(guard.known()).isSameAs(live));
        }
    }

    @Test
    void goesOnTryingWhenTheDataSourceFailsInItsOwnWay() {
        AtomicInteger failures = new AtomicInteger(2);
        try (Guard<Object> guard = new Guard<>("carts", LONG, null, () -> {
            if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("no target");
            }
            return live;
        })) {
            guard.start();

            assertThatThrownBy(guard::live).hasRootCauseMessage("no target");
            eventually(LONG, () -> assertThat(guard.known()).isSameAs(live));
        }
    }

    @Test
    void warnsOnceOfAnOutageWithoutAStackTrace() {
        Logger logger = (Logger) LoggerFactory.getLogger(Guard.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        AtomicInteger failures = new AtomicInteger(3);
        try (Guard<Object> guard = new Guard<>("carts", LONG, null, () -> {
            if (failures.getAndDecrement() > 0) {
                throw new SQLException("gone", "08006", new IllegalStateException("refused"));
            }
            return live;
        })) {
            guard.start();
            eventually(LONG, () -> assertThat(guard.known()).isSameAs(live));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }

        assertThat(log.list)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getFormattedMessage())
                            .endsWith("SQLException: gone, caused by IllegalStateException: refused");
                    assertThat(event.getThrowableProxy()).isNull();
                });
    }

    @Test
    void checksAfterALostConnection() {
        AtomicInteger attempts = new AtomicInteger();
        try (Guard<Object> guard = new Guard<>("carts", LONG, live, () -> {
            attempts.incrementAndGet();
            return live;
        })) {
            guard.suspect(gone);

            eventually(LONG, () -> assertThat(guard.known()).isSameAs(live));
            assertThat(attempts).hasValue(1);
        }
    }

    @Test
    void isDownAtOnceWhenCallsWaitInVain() {
        CountDownLatch later = new CountDownLatch(1);
        try (Guard<Object> guard = new Guard<>("carts", LONG, live, () -> {
            awaiting(later);
            return live;
        })) {
            guard.stalled(gone);

            assertThatThrownBy(guard::live).isSameAs(gone);
            later.countDown();
            eventually(LONG, () -> assertThat(guard.known()).isSameAs(live));
        }
    }

    @Test
    void staysDownOnceClosed() {
        Guard<Object> guard = new Guard<>("carts", LONG, live, () -> live);

        guard.close();
        guard.suspect(gone);

        assertThatThrownBy(guard::live).isInstanceOf(SQLTimeoutException.class);
    }

    @Test
    void endsAnAttemptThatIsMadeWhenItIsClosed() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean connecting = new AtomicBoolean();
        Guard<Object> guard = new Guard<>("carts", LONG, null, () -> {
            connecting.set(true);
            asked.countDown();
            try {
                awaiting(never);
                return live;
            } finally {
                connecting.set(false);
            }
        });
        guard.start();
        eventually(LONG, () -> assertThat(asked.getCount()).isZero());

        guard.close();

        assertThat(connecting).isFalse();
    }

    private static void awaiting(CountDownLatch latch) throws SQLException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }
}
