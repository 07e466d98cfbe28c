// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.MessageConsumer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members of a group that stand still for longer than the broker waits for them. */
@Isolated("its members have three seconds to ask for more")
class KafkaStopIT {

    private static final int MESSAGES = 5;

    private final String topic = "t" + UUID.randomUUID().toString().substring(0, 8);

    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void letsNobodyBeginWithWhatOthersHaveHandledMeanwhile(GroupProtocol protocol) {
        CountDownLatch going = new CountDownLatch(1);
        Queue<Delivery> held = new ConcurrentLinkedQueue<>();
        Queue<Delivery> others = new ConcurrentLinkedQueue<>();
        try (KafkaCluster cluster = new KafkaCluster(impatient(protocol))) {
            KafkaBackend backend = backend(cluster, protocol);
            List<String> texts =
                    IntStream.range(0, MESSAGES).mapToObj(i -> "m" + i).toList();
            texts.forEach(text -> Channels.send(backend, "k", text));
            MessageConsumer stopped = Channels.receive(backend, "stop", MESSAGES, deliveries -> {
                held.addAll(deliveries);
                awaitQuietly(going);
            });
            eventually(Channels.PATIENCE, () -> assertThat(held).isNotEmpty());
            MessageConsumer other = Channels.receive(backend, "stop", MESSAGES, deliveries -> {
                others.addAll(deliveries);
                deliveries.forEach(Delivery::acknowledge);
            });
            eventually(Channels.PATIENCE, () -> assertThat(others).hasSize(MESSAGES));

            assertThat(held).noneMatch(Delivery::current);

            going.countDown();
            held.forEach(Delivery::release);
            other.close();
            Channels.send(backend, "k", "later");
            eventually(
                    Channels.PATIENCE,
                    () -> assertThat(held).extracting(Channels::text).contains("later"));
            stopped.close();
        } finally {
            going.countDown();
        }
    }

    /** Of two members that stand still, one goes on when the group is empty again, and one is closed then. */
    @ParameterizedTest
    @EnumSource(names = {"CLASSIC", "CONSUMER"})
    void leavesTheGroupWhereOthersHaveComeMeanwhile(GroupProtocol protocol) {
        CountDownLatch going = new CountDownLatch(1);
        Queue<String> after = new ConcurrentLinkedQueue<>();
        try (KafkaCluster cluster = new KafkaCluster(impatient(protocol))) {
            KafkaBackend backend = backend(cluster, protocol);
            IntStream.range(0, MESSAGES).forEach(i -> Channels.send(backend, "k", "m" + i));
            CompletableFuture<MessageConsumer> self = new CompletableFuture<>();
            MessageConsumer back = standStill(backend, "back", going, () -> {}, after);
            MessageConsumer gone =
                    standStill(backend, "gone", going, () -> self.join().close(), after);
            self.complete(gone);
            List.of("back", "gone")
                    .forEach(group ->
                            assertThat(Channels.texts(backend, group, MESSAGES)).hasSize(MESSAGES));

            going.countDown();
            gone.close();
            Channels.send(backend, "k", "later");

            assertThat(Channels.texts(backend, "gone", 1)).containsExactly("later");
            eventually(Channels.PATIENCE, () -> assertThat(after).isNotEmpty());
            back.close();
            assertThat(after).containsExactly("later");
        } finally {
            going.countDown();
        }
    }

    /**
     * Begin to receive, and stand still with what comes first, of which one is done.
     *
     * @param then runs when it goes on, on the thread that stood still
     * @param after takes the texts of what comes after that
     */
    private static MessageConsumer standStill(
            KafkaBackend backend, String group, CountDownLatch going, Runnable then, Queue<String> after) {
        CountDownLatch stands = new CountDownLatch(1);
        MessageConsumer consumer = Channels.receive(backend, group, MESSAGES, deliveries -> {
            if (going.getCount() == 0) {
                deliveries.forEach(delivery -> {
                    after.add(Channels.text(delivery));
                    delivery.acknowledge();
                });
                return;
            }
            deliveries.get(0).acknowledge();
            stands.countDown();
            awaitQuietly(going);
            then.run();
        });
        awaitQuietly(stands);
        return consumer;
    }

    private KafkaBackend backend(KafkaCluster cluster, GroupProtocol protocol) {
        return KafkaBackend.builder(cluster, topic)
                .application("stop")
                .groupProtocol(protocol)
                .topicCreation(new TopicCreation(true, 1, null, Map.of()))
                .build();
    }

    private static Map<String, Object> impatient(GroupProtocol protocol) {
        Map<String, Object> properties = new HashMap<>(Broker.shared().direct());
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 3_000);
        if (protocol == GroupProtocol.CLASSIC) {
            properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 2_000);
            properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 200);
        }
        return properties;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(Channels.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
