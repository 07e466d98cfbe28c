// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.StartAt;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.rabbitmq.RabbitBindingBackend.QueueType;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.test.Eventually;
import io.mecha.test.server.RabbitMqServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is particular to RabbitMQ. */
class RabbitServerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GROUP = "group";

    @TempDir
    private static Path directory;

    private static RabbitMqServer process;

    private final String destination = "test-" + UUID.randomUUID();
    private RabbitServer server;
    private RabbitBindingBackend backend;

    @BeforeAll
    static void start() throws Exception {
        process = RabbitMqServer.start(directory);
    }

    @AfterAll
    static void stop() {
        if (process != null) {
            process.close();
        }
    }

    @BeforeEach
    void open() {
        server = TestServers.connect(process.port());
        backend = RabbitBindingBackend.builder(server, destination).build();
    }

    @AfterEach
    void close() {
        backend.close();
        server.close();
    }

    @Test
    void tellsTheSenderThatNobodyWouldReceive() {
        assertThatThrownBy(() -> sent(send("lost")))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(SendException.class)
                .hasMessageContaining("MECHA-B304")
                .hasMessageContaining(destination);
    }

    @Test
    void opensOneConnectionToSendAndOneToReceiveForAllChannels() {
        List<String> opened = new CopyOnWriteArrayList<>();
        try (RabbitServer counted = TestServers.connectCounting(process.port(), opened)) {
            for (int i = 0; i < 3; i++) {
                RabbitBindingBackend other =
                        RabbitBindingBackend.builder(counted, destination + i).build();
                other.capabilities().find(Groups.class).orElseThrow().declare(GROUP, Ordering.NONE);
                sent(other.capabilities()
                        .find(Outbound.class)
                        .orElseThrow()
                        .send("id", Message.received(null, null, Map.of(), Map.of(), null)));
            }
        }

        assertThat(opened).containsExactlyInAnyOrder("test (sends)", "test (receives)");
    }

    @Test
    void keepsMessagesForADeclaredGroup() {
        groups().declare(GROUP, Ordering.NONE);
        sent(send("kept"));

        assertThat(groups().lag(GROUP)).hasValue(1);
        List<Delivery> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = receive(request(Ordering.NONE), received);
        Eventually.eventually(PATIENCE, () -> assertThat(texts(received)).containsExactly("kept"));
        received.get(0).acknowledge();
        Eventually.eventually(PATIENCE, () -> assertThat(groups().lag(GROUP)).hasValue(0));
        consumer.close();
    }

    @Test
    void letsOneMemberReceiveFromAQueueThatWasDeclaredWithoutOrder() {
        groups().declare(GROUP, Ordering.NONE);
        sent(send("one"));
        List<Delivery> first = new CopyOnWriteArrayList<>();
        List<Delivery> second = new CopyOnWriteArrayList<>();
        MessageConsumer active = receive(request(Ordering.KEY), first);
        Eventually.eventually(PATIENCE, () -> assertThat(texts(first)).containsExactly("one"));
        MessageConsumer waiting = receive(request(Ordering.KEY), second);
        sent(send("two"));
        Eventually.eventually(PATIENCE, () -> assertThat(texts(first)).containsExactly("one", "two"));

        active.close();

        Eventually.eventually(PATIENCE, () -> assertThat(texts(second)).containsExactly("one", "two"));
        waiting.close();
    }

    @Test
    void countsDeliveriesOfAQuorumQueue() {
        groups().declare(GROUP, Ordering.NONE);
        sent(send("again"));
        List<Delivery> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = receive(request(Ordering.NONE), received);

        Eventually.eventually(PATIENCE, () -> assertThat(received).hasSize(1));
        received.get(0).release();

        Eventually.eventually(PATIENCE, () -> assertThat(received).hasSize(2));
        assertThat(received).extracting(Delivery::attempt).containsExactly(1, 2);
        consumer.close();
    }

    @ParameterizedTest
    @EnumSource
    void handsOutAgainLaterWhatWasPutAside(Ordering ordering) {
        reopen(TestServers.connectHolding(process.port(), Duration.ofMillis(100)), true);
        groups().declare(GROUP, ordering);
        List<Delivery> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = receive(request(ordering), received);
        sent(send("aside"));
        sent(send("kept"));
        Eventually.eventually(PATIENCE, () -> assertThat(texts(received)).containsExactly("aside", "kept"));

        received.get(0).park();

        Eventually.eventually(PATIENCE, () -> assertThat(texts(received)).containsExactly("aside", "kept", "aside"));
        assertThat(received).extracting(Delivery::current).containsExactly(false, true, true);
        assertThat(received.get(2).attempt()).isEqualTo(2);
        received.get(0).acknowledge();
        received.get(1).acknowledge();
        received.get(2).acknowledge();
        Eventually.eventually(PATIENCE, () -> assertThat(groups().lag(GROUP)).hasValue(0));
        consumer.close();
    }

    @Test
    void isStoppedByNoNumberOfMessagesThatArePutAside() throws Exception {
        groups().declare(GROUP, Ordering.KEY);
        List<String> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(
                        new ConsumerRequest(GROUP, Ordering.KEY, StartAt.EARLIEST, 2, 2, false, false),
                        deliveries -> deliveries.forEach(delivery -> {
                            received.addAll(texts(List.of(delivery)));
                            delivery.park();
                        }));

        for (int index = 0; index < 300; index++) {
            send("m" + index);
        }

        Eventually.eventually(PATIENCE, () -> assertThat(received).hasSize(300));
        Eventually.eventually(
                PATIENCE,
                () -> assertThat(waiting("mecha.aside." + destination + "." + GROUP + ".600000"))
                        .isEqualTo(300));
        assertThat(groups().lag(GROUP)).hasValue(0);
        consumer.close();
    }

    @Test
    void bringsBackWhatWasPutAsideAsItCame() throws Exception {
        reopen(TestServers.connectHolding(process.port(), Duration.ofMillis(100)), true);
        groups().declare(GROUP, Ordering.NONE);
        List<Delivery> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = receive(request(Ordering.NONE), received);
        Map<String, Object> headers = Map.of(
                "x-death",
                List.of(Map.of("queue", destination + "." + GROUP, "reason", "expired", "count", 7L)),
                "x-first-death-queue",
                destination + "." + GROUP,
                "CC",
                List.of("elsewhere"),
                "own",
                1);
        BasicProperties properties = new BasicProperties.Builder()
                .headers(headers)
                .correlationId("c")
                .messageId("id")
                .build();
        Channel channel = server.sendingChannel();
        channel.basicPublish(destination, "key of routes", properties, new byte[] {1});
        Topology.close(channel);
        Eventually.eventually(PATIENCE, () -> assertThat(received).hasSize(1));

        received.get(0).park();

        Eventually.eventually(PATIENCE, () -> assertThat(received).hasSize(2));
        Received before = (Received) received.get(0).message().original();
        Received after = (Received) received.get(1).message().original();
        assertThat(after).isNotNull();
        assertThat(after.routingKey()).isEqualTo("key of routes");
        assertThat(after.properties().getCorrelationId()).isEqualTo("c");
        assertThat(headers(after)).isEqualTo(headers(before)).contains("count=7", "CC=", "own=");
        assertThat(received.get(1).message().headers())
                .containsAllEntriesOf(received.get(0).message().headers());
        consumer.close();
    }

    @ParameterizedTest
    @EnumSource
    void goesOnThoughWhatItCannotSetAsideTakesAllPlaces(QueueType queueType) {
        backend.close();
        backend = RabbitBindingBackend.builder(server, destination)
                .queueType(queueType)
                .build();
        groups().declare(GROUP, Ordering.NONE);
        reopen(TestServers.connectHolding(process.port(), Duration.ofSeconds(5)), false);
        List<String> parked = new CopyOnWriteArrayList<>();
        List<String> handled = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = parksWhatIsBad(parked, handled);
        for (int index = 0; index < 5; index++) {
            send("bad" + index);
        }
        send("good");

        Eventually.eventually(PATIENCE, () -> assertThat(handled).containsExactly("good"));
        Eventually.eventually(PATIENCE, () -> {
            for (int index = 0; index < 5; index++) {
                assertThat(parked).filteredOn(("bad" + index)::equals).hasSizeGreaterThan(1);
            }
        });
        consumer.close();
    }

    @Test
    void setsAsideInAQueueThatOthersHaveMade() throws Exception {
        groups().declare(GROUP, Ordering.NONE);
        String queue = destination + "." + GROUP;
        Channel channel = server.sendingChannel();
        channel.queueDeclare(
                "mecha.aside." + queue + ".600000",
                true,
                false,
                false,
                Map.of("x-message-ttl", 600_000, "x-dead-letter-exchange", "", "x-dead-letter-routing-key", queue));
        Topology.close(channel);
        reopen(TestServers.connect(process.port()), false);
        List<String> parked = new CopyOnWriteArrayList<>();
        List<String> handled = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = parksWhatIsBad(parked, handled);
        for (int index = 0; index < 10; index++) {
            send("bad" + index);
        }
        send("good");

        Eventually.eventually(PATIENCE, () -> assertThat(handled).containsExactly("good"));
        Eventually.eventually(
                PATIENCE,
                () -> assertThat(waiting("mecha.aside." + queue + ".600000")).isEqualTo(10));
        consumer.close();
    }

    private MessageConsumer parksWhatIsBad(List<String> parked, List<String> handled) {
        return backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(
                        ConsumerRequest.of(GROUP, 2),
                        deliveries -> deliveries.forEach(delivery -> {
                            String text = texts(List.of(delivery)).get(0);
                            if (text.startsWith("bad")) {
                                parked.add(text);
                                delivery.park();
                            } else {
                                handled.add(text);
                                delivery.acknowledge();
                            }
                        }));
    }

    private void reopen(RabbitServer other, boolean declare) {
        backend.close();
        server.close();
        server = other;
        backend = RabbitBindingBackend.builder(server, destination)
                .declare(declare)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void startsNothingAfterAPauseInWhichOthersMayHaveGotIt(Ordering ordering) {
        AtomicLong pause = new AtomicLong();
        reopen(TestServers.connectTimed(process.port(), () -> System.nanoTime() + pause.get()), true);
        groups().declare(GROUP, ordering);
        List<Delivery> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = receive(request(ordering), received);
        sent(send("m"));
        Eventually.eventually(PATIENCE, () -> assertThat(received).hasSize(1));
        assertThat(received.get(0).current()).isTrue();

        pause.set(Duration.ofMinutes(1).toNanos());

        assertThat(received.get(0).current()).isFalse();
        Eventually.eventually(PATIENCE, () -> assertThat(texts(received)).containsExactly("m", "m"));
        assertThat(received.get(1).current()).isTrue();
        received.get(1).acknowledge();
        Eventually.eventually(PATIENCE, () -> assertThat(groups().lag(GROUP)).hasValue(0));
        consumer.close();
    }

    private static String headers(Received received) {
        Map<String, Object> headers = new TreeMap<>(received.properties().getHeaders());
        headers.remove(WireFormat.DELIVERIES);
        return headers.toString();
    }

    private int waiting(String queue) {
        try {
            Channel channel = server.sendingChannel();
            try {
                return channel.queueDeclarePassive(queue).getMessageCount();
            } finally {
                Topology.close(channel);
            }
        } catch (IOException notYet) {
            return -1;
        }
    }

    @Test
    void letsSendersComeBeforeReceiversOfTheGroupThatTheirChannelNames() {
        ChannelOptions like = ChannelOptions.of(destination, RabbitBindingBackend.TYPE);
        ChannelOptions options = new ChannelOptions(
                like.name(),
                like.type(),
                like.destination(),
                like.encoding(),
                like.mediaType(),
                like.source(),
                like.immutableValues(),
                SubscriptionOptions.builder().group(GROUP).build(),
                like.out());
        try (BindingEngine engine = BindingEngine.builder()
                .application("sender")
                .codecs(JacksonCodecs.standard())
                .channels(List.of(new ChannelDefinition(
                        options,
                        RabbitBindingBackend.builder(server, destination).build())))
                .build()) {
            engine.start();

            engine.sender(destination, String.class).send("early");

            assertThat(groups().lag(GROUP)).hasValue(1);
        }
    }

    @Test
    void leavesWhatTheBrokerGivesUpToItsDeadLetterExchange() {
        RabbitBindingBackend dead =
                RabbitBindingBackend.builder(server, destination + "-dead").build();
        Groups letters = dead.capabilities().find(Groups.class).orElseThrow();
        letters.declare(GROUP, Ordering.NONE);
        backend.close();
        backend = RabbitBindingBackend.builder(server, destination)
                .deadLetterExchange(destination + "-dead")
                .deliveryLimit(1)
                .build();
        groups().declare(GROUP, Ordering.NONE);
        sent(send("poison"));
        List<Delivery> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = receive(request(Ordering.NONE), received);

        for (int i = 1; i <= 2; i++) {
            int count = i;
            Eventually.eventually(PATIENCE, () -> assertThat(received).hasSize(count));
            received.get(i - 1).release();
        }

        Eventually.eventually(PATIENCE, () -> assertThat(letters.lag(GROUP)).hasValue(1));
        Eventually.eventually(PATIENCE, () -> assertThat(groups().lag(GROUP)).hasValue(0));
        consumer.close();
        dead.close();
    }

    @Test
    void worksOnWithAServerThatWasRestarted() throws Exception {
        groups().declare(GROUP, Ordering.NONE);
        List<Delivery> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = receive(request(Ordering.NONE), received);
        sent(send("before"));
        Eventually.eventually(PATIENCE, () -> assertThat(texts(received)).containsExactly("before"));

        process.stop();
        assertThatThrownBy(() -> sent(send("during")))
                .cause()
                .isInstanceOfSatisfying(
                        SendException.class,
                        failure -> assertThat(failure.code()).isEqualTo("MECHA-B301"));
        assertThat(received.get(0).current()).isFalse();
        process.start();

        Eventually.eventually(PATIENCE, () -> assertThat(texts(received)).contains("before", "before"));
        sent(send("after"));
        Eventually.eventually(PATIENCE, () -> assertThat(texts(received)).contains("after"));
        consumer.close();
    }

    @ParameterizedTest
    @CsvSource({"wrong,/", "guest,absent"})
    void tellsARefusedLoginFromABrokerThatIsAway(String password, String virtualHost) {
        try (RabbitServer refusing = TestServers.connect(process.port(), password, virtualHost)) {
            RabbitBindingBackend denied =
                    RabbitBindingBackend.builder(refusing, destination).build();

            assertThatThrownBy(() -> sent(denied.capabilities()
                            .find(Outbound.class)
                            .orElseThrow()
                            .send("id", Message.received(null, null, Map.of(), Map.of(), null))))
                    .cause()
                    .isInstanceOf(SendException.class)
                    .hasMessageContaining("MECHA-B319");
            assertThatThrownBy(denied::ping)
                    .isInstanceOf(BindingBackendException.class)
                    .hasMessageContaining("MECHA-B319")
                    .hasMessageContaining("user and password");
            denied.close();
        }
    }

    @Test
    void knowsMessagesByTheirIdAndNotByTheirDeliveryTag() throws Exception {
        MessageIdentity identities =
                backend.capabilities().find(MessageIdentity.class).orElseThrow();
        groups().declare(GROUP, Ordering.NONE);
        BasicProperties properties = RabbitNativeClient.properties();
        try (RabbitNativeClient client = new RabbitNativeClient(process.port())) {
            client.send(destination);
            Delivery first = receiveOne();
            client.send(destination, properties.builder().messageId("message-2").build());
            Delivery second = receiveOne();
            client.send(destination, properties.builder().messageId(null).build());
            Delivery unknown = receiveOne();

            assertThat(List.of(first, second, unknown))
                    .extracting(delivery -> ((RabbitDelivery) delivery).tag())
                    .containsOnly(1L);
            assertThat(identities.of(first))
                    .isEqualTo(new MessageIdentity.Identity(
                            "message-1", null, properties.getTimestamp().toInstant()));
            assertThat(identities.of(second)).extracting("id").isEqualTo("message-2");
            assertThat(identities.of(unknown)).isNull();
        }
    }

    private Delivery receiveOne() {
        List<Delivery> received = new CopyOnWriteArrayList<>();
        MessageConsumer consumer = receive(request(Ordering.NONE), received);
        Eventually.eventually(PATIENCE, () -> assertThat(received).hasSize(1));
        received.get(0).acknowledge();
        Eventually.eventually(PATIENCE, () -> assertThat(groups().lag(GROUP)).hasValue(0));
        consumer.close();
        return received.get(0);
    }

    @Test
    void leavesQueuesOfOthersAlone() {
        RabbitBindingBackend other = RabbitBindingBackend.builder(server, destination)
                .exchange("")
                .queue("somebody-s")
                .routingKey("somebody-s")
                .declare(false)
                .build();

        assertThat(other.capabilities().find(Groups.class).orElseThrow().lag(GROUP))
                .isEmpty();
        assertThatThrownBy(() -> sent(other.capabilities()
                        .find(Outbound.class)
                        .orElseThrow()
                        .send("id", Message.received(null, null, Map.of(), Map.of(), null))))
                .hasMessageContaining("MECHA-B304");
        other.close();
    }

    @Test
    void spreadsMessagesByPatternOnATopicExchange() {
        RabbitBindingBackend topic = RabbitBindingBackend.builder(server, destination + "-topic")
                .exchangeType(RabbitBindingBackend.ExchangeType.TOPIC)
                .bindingKeys(List.of("a.*"))
                .build();
        topic.capabilities().find(Groups.class).orElseThrow().declare(GROUP, Ordering.NONE);
        Outbound outbound = topic.capabilities().find(Outbound.class).orElseThrow();

        sent(outbound.send("1", Message.received("a.b", null, Map.of(), Map.of(), new byte[] {1})));

        assertThatThrownBy(() ->
                        sent(outbound.send("2", Message.received("c", null, Map.of(), Map.of(), new byte[] {1}))))
                .hasMessageContaining("MECHA-B304");
        assertThat(topic.capabilities().find(Groups.class).orElseThrow().lag(GROUP))
                .hasValue(1);
        topic.close();
    }

    private Groups groups() {
        return backend.capabilities().find(Groups.class).orElseThrow();
    }

    private CompletionStage<Receipt> send(String text) {
        return backend.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send(
                        text,
                        Message.received(
                                "key",
                                "text/plain",
                                Map.of("specversion", "1.0", "id", text),
                                Map.of(),
                                text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void sent(CompletionStage<Receipt> stage) {
        stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private MessageConsumer receive(ConsumerRequest request, List<Delivery> received) {
        return backend.capabilities().find(Inbound.class).orElseThrow().receive(request, received::addAll);
    }

    private static ConsumerRequest request(Ordering ordering) {
        return new ConsumerRequest(GROUP, ordering, StartAt.EARLIEST, 10, 10, false, false);
    }

    private static List<String> texts(List<Delivery> deliveries) {
        return deliveries.stream()
                .map(delivery -> new String(delivery.message().body(), StandardCharsets.UTF_8))
                .toList();
    }
}
