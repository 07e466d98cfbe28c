// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.binding.Ordering;
import io.mecha.binding.SendException;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Retention;
import io.mecha.test.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What only Kafka has. */
class KafkaServerIT {

    private static Broker broker;
    private static KafkaCluster cluster;

    private final String topic = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final List<MessageConsumer> consumers = new ArrayList<>();

    @BeforeAll
    static void start() {
        broker = Broker.shared();
        cluster = new KafkaCluster(broker.direct());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void closeConsumers() {
        consumers.forEach(MessageConsumer::close);
    }

    private KafkaBackend.Builder builder() {
        return KafkaBackend.builder(cluster, topic).application("server");
    }

    private static TopicCreation partitions(int count) {
        return new TopicCreation(true, count, null, Map.of());
    }

    private static Groups groups(KafkaBackend backend) {
        return backend.capabilities().find(Groups.class).orElseThrow();
    }

    private BlockingQueue<Delivery> receive(KafkaBackend backend, String group, int maxInFlight) {
        BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        consumers.add(Channels.receive(backend, group, maxInFlight, deliveries::addAll));
        return deliveries;
    }

    /** Receives, and acknowledges, what comes from now on unless the group has a place already. */
    private Queue<String> fromNow(KafkaBackend backend, String group) {
        Queue<String> texts = new ConcurrentLinkedQueue<>();
        consumers.add(Channels.receive(
                backend,
                new ConsumerRequest(group, Ordering.NONE, StartAt.LATEST, 50, 50, false, false),
                deliveries -> deliveries.forEach(delivery -> {
                    texts.add(Channels.text(delivery));
                    delivery.acknowledge();
                })));
        return texts;
    }

    private static List<Delivery> take(BlockingQueue<Delivery> deliveries, int count) throws InterruptedException {
        List<Delivery> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Delivery delivery = deliveries.poll(Channels.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(delivery).isNotNull();
            taken.add(delivery);
        }
        return taken;
    }

    private static List<String> texts(List<Delivery> deliveries) {
        return deliveries.stream().map(Channels::text).toList();
    }

    @Test
    void tellsWhereTheBrokerPutAMessage() {
        KafkaBackend backend = builder().topicCreation(partitions(1)).build();

        Channels.send(backend, "k", "0");

        assertThat(Channels.send(backend, "k", "1").position()).isEqualTo(topic + "-0@1");
    }

    @Test
    void createsTheTopicAsConfigured() throws Exception {
        KafkaBackend backend = builder()
                .topicCreation(new TopicCreation(true, 7, (short) 1, Map.of("retention.ms", "123456")))
                .build();

        Channels.send(backend, "k", "m");

        Admin admin = cluster.admin();
        TopicDescription description =
                admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
        assertThat(description.partitions()).hasSize(7);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        ConfigEntry retention = admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .get(resource)
                .get("retention.ms");
        assertThat(retention.value()).isEqualTo("123456");
    }

    @Test
    void refusesWhatTheTopicDoesNotTake() {
        KafkaBackend backend = builder()
                .topicCreation(new TopicCreation(true, 1, null, Map.of("max.message.bytes", "1000")))
                .build();

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> Channels.send(backend, "k", "x".repeat(2_000)))
                .matches(SendException::permanent)
                .matches(failure -> failure.code().equals("MECHA-B303"))
                .matches(failure -> !failure.mayHaveHappened());
    }

    @Test
    void readsAgainWhatWasAcknowledged() throws Exception {
        KafkaBackend backend = builder().topicCreation(partitions(1)).build();
        Retention retention = backend.capabilities().find(Retention.class).orElseThrow();
        Channels.send(backend, "k", "m0");
        Channels.send(backend, "k", "m1");
        List<Delivery> taken = take(receive(backend, "group", 10), 2);

        String position = retention.position(taken.get(1));
        taken.forEach(Delivery::acknowledge);

        assertThat(position).isEqualTo(topic + "-0@1");
        assertThat(retention.read(position)).get().satisfies(message -> {
            assertThat(message.key()).isEqualTo("k");
            assertThat(message.body()).isEqualTo("m1".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(retention.read(topic + "-0@2")).isEmpty();
        assertThat(retention.read("another-0@1")).isEmpty();
        assertThat(retention.read("nonsense")).isEmpty();
    }

    @Test
    void passesOnWhatIsLargerThanItSends() throws Exception {
        KafkaBackend backend = builder().topicCreation(partitions(1)).build();
        byte[] large = new byte[1_040_000]; // the broker's defaults allow it, and leave room for little more
        try (Producer<byte[], byte[]> foreign =
                new KafkaProducer<>(broker.direct(), new ByteArraySerializer(), new ByteArraySerializer())) {
            foreign.send(new ProducerRecord<>(topic, 0, null, large)).get();
        }

        Message message = take(receive(backend, "group", 1), 1).get(0).message();

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(
                        () -> Channels.send(backend, Message.received(null, null, Map.of(), Map.of(), message.body())))
                .matches(SendException::permanent);
        assertThat(Channels.send(backend, message).position()).startsWith(topic);
    }

    @Test
    void fallsBackToTheTopicAsItIsWhenItCannotBeCreated() {
        KafkaBackend backend = builder()
                .topicCreation(new TopicCreation(true, 1, (short) 3, Map.of()))
                .build();

        // The broker makes it by itself, with one replica.
        assertThat(Channels.send(backend, "k", "m").position()).startsWith(topic);
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void usesTheProtocolOfTheBrokerUnlessToldOtherwise(GroupProtocol protocol) throws Exception {
        KafkaBackend backend = builder().groupProtocol(protocol).build();
        String group = "group-" + protocol;
        Channels.send(backend, "k", "m");

        take(receive(backend, group, 1), 1);

        assertThat(cluster.admin()
                        .describeConsumerGroups(List.of(group))
                        .all()
                        .get()
                        .get(group)
                        .type())
                .isEqualTo(protocol == GroupProtocol.CLASSIC ? GroupType.CLASSIC : GroupType.CONSUMER);
    }

    @Test
    void keepsToTheClassicProtocolWhenItsSettingsAreUsed() {
        Map<String, Object> settings = new HashMap<>(broker.direct());
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        try (KafkaCluster classic = new KafkaCluster(settings)) {
            assertThat(classic.usesConsumerProtocol(GroupProtocol.AUTO)).isFalse();
            assertThat(cluster.usesConsumerProtocol(GroupProtocol.AUTO)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = GroupProtocol.class,
            names = {"CLASSIC", "CONSUMER"})
    void losesAndReordersNothingOfAKeyWhileMembersComeAndGo(GroupProtocol protocol) {
        KafkaBackend backend =
                builder().groupProtocol(protocol).topicCreation(partitions(8)).build();
        groups(backend).declare("group", Ordering.KEY);
        Lanes lanes = new Lanes();
        int rounds = 100;
        Thread sender = new Thread(() -> lanes.send(backend, rounds));
        sender.start();
        try {
            for (int i = 0; i < 8; i++) {
                consumers.add(Channels.receive(backend, "group", 50, lanes));
                int wanted = (i + 1) * Lanes.KEYS * rounds / 12;
                eventually(Channels.PATIENCE, () -> assertThat(lanes.count()).isGreaterThan(wanted));
                if (i % 2 == 1) {
                    consumers.remove(0).close();
                }
            }
            eventually(
                    Channels.PATIENCE,
                    () -> assertThat(lanes.unfinished(rounds)).isEmpty());
            assertThat(lanes.mistakes()).isEmpty();
        } finally {
            lanes.close();
        }
    }

    @Test
    void repeatsOnlyWhatWasNotDone() throws Exception {
        KafkaBackend backend = builder().topicCreation(partitions(1)).build();
        IntStream.range(0, 50).forEach(i -> Channels.send(backend, "k", "m" + i));
        BlockingQueue<Delivery> deliveries = receive(backend, "group", 100);
        List<Delivery> taken = take(deliveries, 50);
        AttemptMemory memory = backend.capabilities().find(AttemptMemory.class).orElseThrow();
        memory.failed(taken.get(7), 4);

        IntStream.range(0, 50)
                .filter(i -> i % 10 != 7)
                .forEach(i -> taken.get(i).acknowledge());

        eventually(
                Channels.PATIENCE,
                () -> assertThat(groups(backend).lag("group")).hasValue(5));
        consumers.remove(0).close();
        List<Delivery> again = take(receive(backend, "group", 100), 5);
        assertThat(texts(again)).containsExactly("m7", "m17", "m27", "m37", "m47");
        assertThat(again.stream().map(Delivery::attempt)).containsExactly(5, 1, 1, 1, 1);
    }

    @Test
    void handsOutMoreAtOnceThanThereArePartitions() throws Exception {
        KafkaBackend backend = builder().topicCreation(partitions(1)).build();
        IntStream.range(0, 300).forEach(i -> Channels.send(backend, "k" + i, "m" + i));
        BlockingQueue<Delivery> deliveries = receive(backend, "group", 100);

        List<Delivery> first = take(deliveries, 100);
        first.subList(1, 100).forEach(Delivery::acknowledge);

        assertThat(texts(take(deliveries, 99)))
                .containsExactlyElementsOf(
                        IntStream.range(100, 199).mapToObj(i -> "m" + i).toList());
        assertThat(first.get(0).current()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = GroupProtocol.class,
            names = {"CLASSIC", "CONSUMER"})
    void staysInTheGroupHoweverLongAHandlerTakes(GroupProtocol protocol) throws Exception {
        Map<String, Object> impatient = new HashMap<>(broker.direct());
        impatient.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1_000);
        try (KafkaCluster own = new KafkaCluster(impatient)) {
            KafkaBackend backend = KafkaBackend.builder(own, topic)
                    .groupProtocol(protocol)
                    .topicCreation(partitions(1))
                    .build();
            Channels.send(backend, "k", "m");
            BlockingQueue<Delivery> deliveries = receive(backend, "group", 1);
            Delivery delivery = take(deliveries, 1).get(0);

            Eventually.letPass(Duration.ofSeconds(4));

            assertThat(delivery.current()).isTrue();
            delivery.acknowledge();
            eventually(
                    Channels.PATIENCE,
                    () -> assertThat(groups(backend).lag("group")).hasValue(0));
            assertThat(deliveries).isEmpty();
            closeConsumers();
        }
    }

    @Test
    void stopsOnlyThePartitionOfWhichTooManyAreAsideAndGoesOnAfterwards() throws Exception {
        Queue<Delivery> aside = new ConcurrentLinkedQueue<>();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        try (KafkaBackend backend = builder().topicCreation(partitions(2)).build();
                Producer<byte[], byte[]> producer = foreign()) {
            groups(backend).declare("group", Ordering.NONE);
            for (int i = 0; i < 200; i++) {
                put(producer, 0, "bad");
            }
            put(producer, 0, "behind");
            put(producer, 1, "first");
            consumers.add(Channels.receive(
                    backend,
                    "group",
                    2,
                    deliveries -> deliveries.forEach(delivery -> {
                        if (Channels.text(delivery).equals("bad")) {
                            delivery.park();
                            aside.add(delivery);
                        } else {
                            handled.add(Channels.text(delivery));
                            delivery.acknowledge();
                        }
                    })));

            eventually(Channels.PATIENCE, () -> assertThat(aside).hasSizeGreaterThan(100));
            for (String text : List.of("second", "third")) {
                put(producer, 1, text);
                eventually(Channels.PATIENCE, () -> assertThat(handled).contains(text));
            }
            assertThat(handled).containsExactly("first", "second", "third");
            assertThat(aside).hasSizeLessThan(110);

            eventually(Channels.PATIENCE, () -> {
                aside.forEach(Delivery::acknowledge);
                assertThat(handled).contains("behind");
            });
            assertThat(aside).hasSize(200);
        }
    }

    private static Producer<byte[], byte[]> foreign() {
        return new KafkaProducer<>(broker.direct(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void put(Producer<byte[], byte[]> producer, int partition, String text) throws Exception {
        producer.send(new ProducerRecord<>(topic, partition, null, text.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    @Test
    void receivesOnlyWhatTransactionsCommitted() throws Exception {
        KafkaBackend backend = builder().topicCreation(partitions(1)).build();
        Channels.send(backend, "k", "before");
        try (Producer<byte[], byte[]> producer = cluster.transactionalProducer("server", topic)) {
            producer.initTransactions();
            for (String end : List.of("aborted", "committed")) {
                producer.beginTransaction();
                producer.send(KafkaMessages.write(topic, Channels.message("k", end)))
                        .get();
                if (end.equals("aborted")) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }

        List<Delivery> taken = take(receive(backend, "group", 10), 2);

        assertThat(texts(taken)).containsExactly("before", "committed");
        taken.forEach(Delivery::acknowledge);
        eventually(
                Channels.PATIENCE,
                () -> assertThat(groups(backend).lag("group")).hasValue(0));
    }

    @Test
    void readsPartitionsThatAreAddedFromTheirBeginning() throws Exception {
        Map<String, Object> curious = new HashMap<>(broker.direct());
        curious.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 200);
        try (KafkaCluster own = new KafkaCluster(curious)) {
            KafkaBackend backend = KafkaBackend.builder(own, topic)
                    .topicCreation(partitions(1))
                    .build();
            Queue<String> texts = fromNow(backend, "group");
            eventually(Channels.PATIENCE, () -> {
                Channels.send(backend, "k", "probe");
                assertThat(texts).contains("probe");
            });

            own.admin()
                    .createPartitions(Map.of(topic, org.apache.kafka.clients.admin.NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            List<String> sent = IntStream.range(0, 40).mapToObj(i -> "m" + i).toList();
            sent.forEach(text -> Channels.send(backend, text, text));

            eventually(Channels.PATIENCE, () -> assertThat(texts).containsAll(sent));
            closeConsumers();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = GroupProtocol.class,
            names = {"CLASSIC", "CONSUMER"})
    void beginsWithLaterMessagesThoughTheGroupHasMembersElsewhere(GroupProtocol protocol) throws Exception {
        String group = "several-" + protocol;
        KafkaBackend elsewhere = KafkaBackend.builder(cluster, topic + "-elsewhere")
                .groupProtocol(protocol)
                .topicCreation(partitions(1))
                .build();
        Channels.send(elsewhere, "k", "m");
        take(receive(elsewhere, group, 1), 1);
        KafkaBackend backend =
                builder().groupProtocol(protocol).topicCreation(partitions(2)).build();
        IntStream.range(0, 10).forEach(i -> Channels.send(backend, "k" + i, "old"));
        Queue<String> texts = fromNow(backend, group);

        eventually(Channels.PATIENCE, () -> {
            Channels.send(backend, "k", "new");
            assertThat(texts).contains("new");
        });
        IntStream.range(0, 10).forEach(i -> Channels.send(backend, "k" + i, "new"));
        eventually(
                Channels.PATIENCE, () -> assertThat(groups(backend).lag(group)).hasValue(0));
        assertThat(texts).containsOnly("new");
    }

    @Test
    void readsPartitionsThatAreAddedWhileNobodyReceivesFromTheirBeginning() throws Exception {
        Map<String, Object> curious = new HashMap<>(broker.direct());
        curious.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 200);
        try (KafkaCluster own = new KafkaCluster(curious)) {
            KafkaBackend backend = KafkaBackend.builder(own, topic)
                    .topicCreation(partitions(1))
                    .build();
            groups(backend).declare("group", Ordering.NONE);
            own.admin()
                    .createPartitions(Map.of(topic, org.apache.kafka.clients.admin.NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            Queue<String> sent = new ConcurrentLinkedQueue<>();
            eventually(Channels.PATIENCE, () -> {
                String text = "m" + sent.size();
                sent.add(text);
                assertThat(Channels.send(backend, text, text).position()).doesNotStartWith(topic + "-0@");
            });
            Queue<String> texts = fromNow(backend, "group");

            eventually(Channels.PATIENCE, () -> assertThat(texts).containsAll(sent));
            closeConsumers();
        }
    }

    @Test
    void goesOnWhenTheBrokerWasRestarted() throws Exception {
        try (Broker own = new Broker();
                KafkaCluster restless = new KafkaCluster(own.proxied())) {
            KafkaBackend backend = KafkaBackend.builder(restless, topic)
                    .topicCreation(partitions(2))
                    .build();
            IntStream.range(0, 10).forEach(i -> Channels.send(backend, "k" + i, "m" + i));
            BlockingQueue<Delivery> deliveries = receive(backend, "group", 5);
            List<Delivery> before = take(deliveries, 5);
            before.get(0).acknowledge();

            own.restart();

            before.subList(1, 5).forEach(Delivery::acknowledge);
            eventually(
                    Channels.PATIENCE,
                    () -> assertThatCode(() -> Channels.send(backend, "k", "after"))
                            .doesNotThrowAnyException());
            Set<String> texts = new HashSet<>(texts(before));
            eventually(Channels.PATIENCE, () -> {
                for (Delivery next = deliveries.poll(); next != null; next = deliveries.poll()) {
                    next.acknowledge();
                    texts.add(Channels.text(next));
                }
                assertThat(texts).hasSize(11);
                assertThat(groups(backend).lag("group")).hasValue(0);
            });
            closeConsumers();
        }
    }

    @Test
    void sendsTombstonesThatCompactionUnderstands() throws Exception {
        KafkaBackend backend = builder()
                .topicCreation(new TopicCreation(true, 1, null, Map.of("cleanup.policy", "compact")))
                .build();
        Channels.send(backend, "k", "value");

        Channels.send(backend, io.mecha.binding.spi.Message.received("k", null, Map.of(), Map.of(), null));

        List<Delivery> taken = take(receive(backend, "group", 10), 2);
        assertThat(taken.get(1).message().body()).isNull();
        assertThat(taken.get(1).message().key()).isEqualTo("k");
    }
}
