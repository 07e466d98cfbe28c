// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import io.mecha.test.Eventually;
import io.mecha.test.server.PostgresDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Nodes that are killed, or stand still for longer than their lease. */
class QueueCrashIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int KEYS = 20;
    private static final int ROUNDS = 90;

    private static String url;
    private static DataSource dataSource;

    @BeforeAll
    static void start() throws Exception {
        PostgresDatabase database = PostgresDatabase.create();
        url = database.url(database.port());
        dataSource = database.dataSource();
    }

    @Test
    void losesNothingAndKeepsKeysInOrderWhileProcessesAreKilled() throws Exception {
        JdbcTemplate template = new JdbcTemplate(dataSource);
        template.execute("create table handled (id bigint generated always as identity, msg_key text, n integer)");
        List<Process> children = new ArrayList<>();
        try (BindingBackend backend = TestSettings.backend(TestSettings.factory(dataSource), "killed")) {
            backend.capabilities().find(Groups.class).orElseThrow().declare("group", Ordering.KEY);
            for (int i = 0; i < 3; i++) {
                children.add(QueueChild.start(url, "killed"));
            }
            for (int round = 0; round < ROUNDS; round++) {
                send(backend, round);
                if (round % 30 == 15) {
                    int before = count(template);
                    eventually(PATIENCE, () -> assertThat(count(template)).isGreaterThan(before));
                    children.remove(0).destroyForcibly();
                    children.add(QueueChild.start(url, "killed"));
                }
            }
            eventually(
                    PATIENCE,
                    () -> assertThat(backend.capabilities()
                                    .find(Groups.class)
                                    .orElseThrow()
                                    .lag("group"))
                            .hasValue(0));
        } finally {
            children.forEach(Process::destroyForcibly);
        }

        Map<String, Integer> last = new HashMap<>();
        template.query("select msg_key, n from handled order by id", row -> {
            int n = row.getInt(2);
            assertThat(n).isLessThanOrEqualTo(last.getOrDefault(row.getString(1), -1) + 1);
            last.merge(row.getString(1), n, Math::max);
        });
        assertThat(last).hasSize(KEYS).allSatisfy((key, n) -> assertThat(n).isEqualTo(ROUNDS - 1));
    }

    @Test
    void ignoresANodeThatStoodStillForLongerThanItsLease() throws Exception {
        CountDownLatch still = new CountDownLatch(1);
        List<Delivery> first = Collections.synchronizedList(new ArrayList<>());
        List<Delivery> second = Collections.synchronizedList(new ArrayList<>());
        try (BindingBackend one = TestSettings.backend(TestSettings.factory(dataSource), "paused");
                BindingBackend other = TestSettings.backend(TestSettings.factory(dataSource), "paused")) {
            Groups groups = one.capabilities().find(Groups.class).orElseThrow();
            groups.declare("group", Ordering.KEY);
            send(one, 0);
            MessageConsumer paused = receive(one, deliveries -> {
                first.addAll(deliveries);
                awaiting(still);
            });
            eventually(PATIENCE, () -> assertThat(first).hasSize(KEYS));

            MessageConsumer awake = receive(other, second::addAll);
            eventually(PATIENCE, () -> assertThat(second).hasSize(KEYS));
            assertThat(first).noneMatch(Delivery::current);
            first.forEach(Delivery::acknowledge);
            still.countDown();
            Eventually.letPass(Duration.ofSeconds(2));

            assertThat(groups.lag("group")).hasValue(KEYS);
            assertThat(second).allMatch(Delivery::current).hasSize(KEYS);
            paused.close();
            second.forEach(Delivery::acknowledge);
            eventually(PATIENCE, () -> assertThat(groups.lag("group")).hasValue(0));
            awake.close();
        }
    }

    private static MessageConsumer receive(BindingBackend backend, Receiver receiver) {
        ConsumerRequest request = new ConsumerRequest("group", Ordering.KEY, StartAt.EARLIEST, 100, 100, false, false);
        return backend.capabilities().find(Inbound.class).orElseThrow().receive(request, receiver);
    }

    private static void awaiting(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int count(JdbcTemplate template) {
        Integer count = template.queryForObject("select count(*) from handled", Integer.class);
        return count == null ? 0 : count;
    }

    private static void send(BindingBackend backend, int round) {
        List<String> ids = new ArrayList<>();
        List<Message> messages = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            ids.add("k" + key + "-" + round);
            byte[] body = Integer.toString(round).getBytes(StandardCharsets.UTF_8);
            messages.add(Message.received("k" + key, "text/plain", Map.of("id", "1"), Map.of(), body));
        }
        backend.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .sendAll(ids, messages)
                .forEach(stage -> stage.toCompletableFuture().join());
    }
}
