// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.binding.Ordering;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Consume, process and produce exactly once, although members crash. */
@Isolated("its members take turns, each within a minute")
class ForwardingIT {

    private static final int MESSAGES = 400;

    private static Broker broker;
    private static KafkaCluster cluster;

    private final String id = UUID.randomUUID().toString().substring(0, 8);
    private final KafkaBackend input = backend(cluster, "in-" + id);
    private final KafkaBackend output = backend(cluster, "out-" + id);

    @BeforeAll
    static void start() {
        broker = Broker.shared();
        cluster = new KafkaCluster(broker.direct());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static KafkaBackend backend(KafkaCluster cluster, String topic) {
        return KafkaBackend.builder(cluster, topic)
                .application("pipe")
                .revokeTimeout(Duration.ofMillis(200))
                .build();
    }

    /** Forwards what it receives, until it is killed. */
    static final class Pipe {

        private Pipe() {}

        public static void main(String[] arguments) throws InterruptedException {
            // What is left open when it is killed is in the way of its heirs until that time is over.
            KafkaCluster own = new KafkaCluster(Map.of(
                    CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                    arguments[0],
                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                    3_000));
            Channels.receive(
                    backend(own, arguments[1]),
                    "pipe",
                    50,
                    forwarding(
                            backend(own, arguments[1]), backend(own, arguments[2]), Executors.newFixedThreadPool(8)));
            new CountDownLatch(1).await();
        }
    }

    private static Receiver forwarding(KafkaBackend from, KafkaBackend to, ExecutorService workers) {
        Forwarding forwarding = from.capabilities().find(Forwarding.class).orElseThrow();
        return deliveries -> deliveries.forEach(delivery -> workers.execute(() -> {
            try {
                forwarding.forward(delivery, to, List.of(Channels.message("k", Channels.text(delivery))));
            } catch (SendException e) {
                delivery.release();
            }
        }));
    }

    @Test
    void forwardsExactlyOnceWhenTheProcessIsKilled() throws Exception {
        List<String> sent = fill();
        for (int i = 0; i < 2; i++) {
            Process process = pipe();
            try {
                int wanted = (i + 1) * MESSAGES / 4;
                eventually(Channels.PATIENCE, () -> assertThat(handled()).isGreaterThan(wanted));
            } finally {
                process.destroyForcibly();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
        }

        finish(sent);
    }

    @ParameterizedTest
    @EnumSource(
            value = GroupProtocol.class,
            names = {"CLASSIC", "CONSUMER"})
    void forwardsExactlyOnceWhileMembersComeAndGo(GroupProtocol protocol) {
        List<String> sent = fill();
        Map<String, Object> settings = new HashMap<>(broker.direct());
        if (protocol == GroupProtocol.CLASSIC) {
            settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 200); // how soon members learn of others
        }
        ExecutorService workers = Executors.newFixedThreadPool(8);
        List<MessageConsumer> consumers = new ArrayList<>();
        try (KafkaCluster own = new KafkaCluster(settings)) {
            KafkaBackend from = KafkaBackend.builder(own, "in-" + id)
                    .application("pipe")
                    .groupProtocol(protocol)
                    .revokeTimeout(Duration.ZERO)
                    .build();
            KafkaBackend to = backend(own, "out-" + id);
            for (int i = 0; i < 6; i++) {
                consumers.add(Channels.receive(from, "pipe", 20, forwarding(from, to, workers)));
                int wanted = (i + 1) * MESSAGES / 10;
                eventually(Channels.PATIENCE, () -> assertThat(handled()).isGreaterThan(wanted));
                if (i % 2 == 1) {
                    consumers.remove(0).close();
                }
            }
            eventually(Channels.PATIENCE, () -> assertThat(handled()).isEqualTo(MESSAGES));
            assertThat(Channels.texts(output, "check", MESSAGES)).containsExactlyInAnyOrderElementsOf(sent);
            consumers.forEach(MessageConsumer::close);
        } finally {
            workers.shutdownNow();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = GroupProtocol.class,
            names = {"CLASSIC", "CONSUMER"})
    void refusesAZombieThatDoesNotKnowThatItIsOne(GroupProtocol protocol) throws Exception {
        Map<String, Object> impatient = new HashMap<>(broker.direct());
        impatient.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1_000);
        BlockingQueue<Delivery> zombies = new LinkedBlockingQueue<>();
        BlockingQueue<Delivery> living = new LinkedBlockingQueue<>();
        CountDownLatch stuck = new CountDownLatch(1);
        Forwarding forwarding = input.capabilities().find(Forwarding.class).orElseThrow();
        try (KafkaCluster slow = new KafkaCluster(impatient)) {
            KafkaBackend same = KafkaBackend.builder(slow, "in-" + id)
                    .application("pipe")
                    .groupProtocol(protocol)
                    .build();
            Channels.send(same, "k", "warm-up");
            Channels.send(same, "k", "m");
            MessageConsumer zombie = Channels.receive(same, "pipe", 1, deliveries -> {
                zombies.addAll(deliveries);
                if (Channels.text(deliveries.get(0)).equals("m")) {
                    await(stuck);
                }
            });
            forwarding.forward(take(zombies), output, List.of(Channels.message("k", "warm-up")));
            Delivery old = take(zombies);
            MessageConsumer heir = Channels.receive(same, "pipe", 1, living::addAll);
            Delivery fresh = take(living);
            assertThat(Channels.text(fresh)).isEqualTo("m");

            // The zombie does not look at the clock, which would tell it: the broker has to refuse it.
            assertThatExceptionOfType(SendException.class)
                    .isThrownBy(() -> forwarding.forward(old, output, List.of(Channels.message("k", "zombie"))))
                    .matches(failure -> !failure.mayHaveHappened());
            forwarding.forward(fresh, output, List.of(Channels.message("k", "m")));

            assertThat(Channels.texts(output, "check", 2)).containsExactlyInAnyOrder("warm-up", "m");
            stuck.countDown();
            zombie.close();
            heir.close();
        } finally {
            stuck.countDown();
        }
    }

    @Test
    void forwardsInAnyOrderOfOffsets() throws Exception {
        List<String> sent = IntStream.range(0, 10).mapToObj(i -> "m" + i).toList();
        sent.forEach(text -> Channels.send(input, "k", text));
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        Forwarding forwarding = input.capabilities().find(Forwarding.class).orElseThrow();
        MessageConsumer consumer = Channels.receive(input, "pipe", 10, deliveries::addAll);
        List<Delivery> taken = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            taken.add(take(deliveries));
        }

        for (int i = 9; i > 0; i--) {
            forwarding.forward(taken.get(i), output, List.of(Channels.message("k", Channels.text(taken.get(i)))));
        }

        consumer.close();
        assertThat(Channels.texts(input, "pipe", 1)).containsExactly("m0");
        assertThat(Channels.texts(output, "check", 9)).containsExactlyInAnyOrderElementsOf(sent.subList(1, 10));
    }

    @Test
    void forwardsTheOthersWhenOneCannotBeSent() throws Exception {
        Channels.send(input, "k", "good");
        Channels.send(input, "k", "bad");
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        Forwarding forwarding = input.capabilities().find(Forwarding.class).orElseThrow();
        MessageConsumer consumer = Channels.receive(input, "pipe", 10, deliveries::addAll);
        Delivery good = take(deliveries);
        Delivery bad = take(deliveries);
        String large = "x".repeat(2 * 1024 * 1024);

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> forwarding.forward(bad, output, List.of(Channels.message("k", large))))
                .matches(failure -> !failure.mayHaveHappened());
        assertThat(bad.current()).as("may be handled in another way").isTrue();
        forwarding.forward(good, output, List.of(Channels.message("k", "good")));
        bad.acknowledge();

        consumer.close();
        assertThat(Channels.texts(output, "check", 1)).containsExactly("good");
        eventually( // the broker counts the offsets of a transaction a moment after it has said that it is committed
                Channels.PATIENCE,
                () -> assertThat(input.capabilities()
                                .find(Groups.class)
                                .orElseThrow()
                                .lag("pipe"))
                        .hasValue(0));
    }

    private List<String> fill() {
        input.capabilities().find(Groups.class).orElseThrow().declare("pipe", Ordering.NONE);
        List<String> sent = IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList();
        sent.forEach(text -> Channels.send(input, text, text));
        return sent;
    }

    private int handled() {
        return MESSAGES
                - (int) input.capabilities()
                        .find(Groups.class)
                        .orElseThrow()
                        .lag("pipe")
                        .orElseThrow();
    }

    private void finish(List<String> sent) {
        ExecutorService workers = Executors.newFixedThreadPool(8);
        MessageConsumer consumer = Channels.receive(input, "pipe", 50, forwarding(input, output, workers));
        try {
            eventually(Channels.PATIENCE, () -> assertThat(handled()).isEqualTo(MESSAGES));
            assertThat(Channels.texts(output, "check", MESSAGES)).containsExactlyInAnyOrderElementsOf(sent);
        } finally {
            consumer.close();
            workers.shutdownNow();
        }
    }

    private Process pipe() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Pipe.class.getName(),
                        broker.direct().get("bootstrap.servers").toString(),
                        "in-" + id,
                        "out-" + id)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Delivery take(BlockingQueue<Delivery> deliveries) throws InterruptedException {
        Delivery delivery = deliveries.poll(Channels.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(delivery).isNotNull();
        return delivery;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Channels.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
