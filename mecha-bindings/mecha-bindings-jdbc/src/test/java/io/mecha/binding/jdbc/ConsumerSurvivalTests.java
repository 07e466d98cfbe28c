// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.runtime.Troubles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

@Isolated("listens to what the whole process logs")
class ConsumerSurvivalTests {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<Delivery> received = new CopyOnWriteArrayList<>();

    @Test
    void goesOnReceivingAfterAnErrorNobodyExpected() {
        Failing source = new Failing();
        JdbcBindingBackendFactory factory = TestSettings.factory(source);
        BindingBackend backend = TestSettings.backend(factory, "survivors");
        MessageConsumer consumer = backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(ConsumerRequest.of("group", 10), received::addAll);
        send(backend, "before");
        eventually(SOON, () -> assertThat(received).hasSize(1));

        source.failures.set(2);

        eventually(
                SOON,
                () -> assertThat(Troubles.present())
                        .containsEntry(
                                "Thread 'mecha-binding-survivors-group'", "NoClassDefFoundError: whatever it is"));
        eventually(SOON, () -> assertThat(source.failures).hasValueLessThanOrEqualTo(0));
        send(backend, "after");
        eventually(SOON, () -> assertThat(received).hasSize(2));
        consumer.close();
        assertThat(Troubles.present()).doesNotContainKey("Thread 'mecha-binding-survivors-group'");
        backend.close();
    }

    @Test
    void warnsOnceOfAnOutageWithoutAStackTrace() {
        Logger logger = (Logger) LoggerFactory.getLogger(JdbcConsumer.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        logger.setLevel(Level.INFO);
        Failing source = new Failing();
        BindingBackend backend = TestSettings.backend(TestSettings.factory(source), "survivors");
        MessageConsumer consumer = backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(ConsumerRequest.of("group", 10), received::addAll);
        source.refusals.set(2);

        eventually(SOON, () -> assertThat(source.refusals).hasValueLessThanOrEqualTo(0));
        send(backend, "after");
        eventually(SOON, () -> assertThat(received).hasSize(1));
        consumer.close();
        backend.close();
        logger.detachAppender(log);
        logger.setLevel(null);

        assertThat(log.list)
                .filteredOn(event -> event.getLevel() == Level.WARN)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getFormattedMessage()).contains("'survivors' cannot receive", "SQLState 08006");
                    assertThat(event.getThrowableProxy()).isNull();
                });
    }

    @Test
    void letsOthersHaveThePlaceOfWhatWasPutAside() {
        JdbcBindingBackendFactory factory = TestSettings.factory(new Failing());
        BindingBackend backend = TestSettings.backend(factory, "parking");
        MessageConsumer consumer = backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(ConsumerRequest.of("group", 1), received::addAll);
        send(backend, "first");
        eventually(SOON, () -> assertThat(received).hasSize(1));

        received.get(0).park();

        send(backend, "second");
        eventually(SOON, () -> assertThat(received).hasSize(2));
        assertThat(received).allMatch(Delivery::current);
        consumer.close();
        backend.close();
    }

    @Test
    void leavesToTheTableWhatIsPutAsideBeyondItsRoom() throws SQLException {
        Failing source = new Failing();
        BindingBackend backend = TestSettings.backend(TestSettings.factory(source), "flood");
        MessageConsumer consumer = backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(
                        new ConsumerRequest("group", Ordering.KEY, StartAt.EARLIEST, 1, 1, false, false),
                        deliveries -> {
                            received.addAll(deliveries);
                            deliveries.forEach(Delivery::park);
                        });

        for (int index = 0; index < 103; index++) {
            send(backend, "m" + index);
        }

        eventually(SOON, () -> assertThat(received).hasSize(103));
        assertThat(received.subList(0, 100)).allMatch(Delivery::current);
        assertThat(received.subList(100, 103)).noneMatch(Delivery::current);
        String aside = "update mecha_message set visible_at = 0 where destination = 'flood' and owner is null"
                + " and visible_at > (extract(epoch from current_timestamp(3)) + 500) * 1000";
        try (Connection connection = source.real.getConnection();
                PreparedStatement comeBack = connection.prepareStatement(aside)) {
            eventually(SOON, () -> assertThat(update(comeBack)).isPositive());
        }
        eventually(SOON, () -> assertThat(received.size()).isGreaterThan(103));
        assertThat(received.get(103).attempt()).isEqualTo(2);
        consumer.close();
        backend.close();
    }

    private static int update(PreparedStatement statement) {
        try {
            return statement.executeUpdate();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static void send(BindingBackend backend, String id) {
        backend.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send(id, Message.received(null, "text/plain", Map.of("id", id), Map.of(), new byte[] {1}))
                .toCompletableFuture()
                .join();
    }

    /** A data source that fails on the thread of the consumer as no data source should. */
    private static final class Failing extends AbstractDataSource {

        private final DriverManagerDataSource real =
                new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();

        @Override
        public Connection getConnection() throws SQLException {
            if (Thread.currentThread().getName().equals("mecha-binding-survivors-group")
                    && failures.getAndDecrement() > 0) {
                throw new NoClassDefFoundError("whatever it is");
            }
            if (Thread.currentThread().getName().equals("mecha-binding-survivors-group")
                    && refusals.getAndDecrement() > 0) {
                throw new SQLException("gone", "08006");
            }
            return real.getConnection();
        }

        @Override
        public Connection getConnection(String user, String password) throws SQLException {
            return getConnection();
        }
    }
}
