// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.server.RabbitMqServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens to exchanges and queues that somebody deletes, and how many there are. */
class RabbitDeclarationsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String GROUP = "group";

    private static RabbitMqServer process;
    private static Connection connection;

    private final String destination = "test-" + UUID.randomUUID();
    private final List<Delivery> received = new CopyOnWriteArrayList<>();
    private final List<MessageConsumer> consumers = new ArrayList<>();
    private RabbitServer server;
    private RabbitBindingBackend backend;
    private Channel admin;

    @BeforeAll
    static void start() throws Exception {
        process = RabbitMqServer.shared();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(process.port());
        connection = factory.newConnection();
    }

    @AfterAll
    static void stop() throws Exception {
        if (process != null) {
            connection.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        server = TestServers.connect(process.port());
        backend = RabbitBindingBackend.builder(server, destination).build();
        admin = connection.createChannel();
    }

    @AfterEach
    void close() {
        consumers.forEach(MessageConsumer::close);
        backend.close();
        server.close();
        Topology.close(admin);
    }

    @Test
    void goesOnAfterTheExchangeWasDeleted() throws Exception {
        receive(Ordering.NONE);
        send("before", null).join();

        admin.exchangeDelete(destination);
        send("after", null).join();

        eventually(PATIENCE, () -> assertThat(texts()).contains("before", "after"));
    }

    @Test
    void keepsTheOrderOfAKeyWhenTheExchangeWasDeleted() throws Exception {
        receive(Ordering.KEY);
        send("before", null).join();

        admin.exchangeDelete(destination);
        List<CompletableFuture<Receipt>> sent = new ArrayList<>();
        for (int index = 100; index < 300; index++) {
            sent.add(send(String.valueOf(index), null));
        }
        sent.forEach(CompletableFuture::join);

        eventually(PATIENCE, () -> assertThat(texts()).hasSize(201));
        assertThat(texts().subList(1, 201)).isSorted();
    }

    @Test
    void bindsADeclaredQueueAgainThatWasDeleted() throws Exception {
        groups().declare(GROUP, Ordering.NONE);
        send("before", null).join();

        admin.queueDelete(destination + "." + GROUP);
        send("after", null).join();

        assertThat(groups().lag(GROUP)).hasValue(1);
    }

    @Test
    void bindsAQueueAgainThatWasMadeWithAnotherOrder() throws Exception {
        groups().declare(GROUP, Ordering.KEY);
        groups().declare(GROUP, Ordering.NONE);

        admin.exchangeDelete(destination);
        send("after", null).join();

        assertThat(groups().lag(GROUP)).hasValue(1);
    }

    @Test
    void bindsAQueueAgainWhoseExchangeAnotherApplicationMade() throws Exception {
        receive(Ordering.NONE);
        send("before", null).join();
        RabbitBindingBackend other =
                RabbitBindingBackend.builder(server, destination).build();

        admin.exchangeDelete(destination);

        eventually(
                PATIENCE,
                () -> assertThat(failure(send(other, "after", "key", null))).isNull());
        eventually(PATIENCE, () -> assertThat(texts()).contains("before", "after"));
        other.close();
    }

    @Test
    void keepsItsConnectionThoughSeveralBeginAtOnceWithQueuesThatAreNotThere() {
        List<String> opened = new CopyOnWriteArrayList<>();
        try (RabbitServer counted = TestServers.connectCounting(process.port(), opened)) {
            for (int index = 0; index < 40; index++) {
                String name = destination + "-" + index;
                RabbitBindingBackend made =
                        RabbitBindingBackend.builder(counted, name).build();
                Inbound inbound = made.capabilities().find(Inbound.class).orElseThrow();
                for (int member = 0; member < 4; member++) {
                    consumers.add(inbound.receive(ConsumerRequest.of(GROUP, 1), received::addAll));
                }
                eventually(
                        PATIENCE, () -> assertThat(members(name + "." + GROUP)).isEqualTo(4));
                made.close();
            }
        }

        assertThat(opened).containsExactly("test (receives)");
    }

    @Test
    void makesADelayQueueAgainThatWasDeleted() throws Exception {
        receive(Ordering.NONE);
        Duration delay = Duration.ofMillis(1_500);
        String queue = "mecha.delay." + destination + ".1500";
        send("before", delay).join();
        eventually(PATIENCE, () -> assertThat(texts()).contains("before"));

        admin.queueDelete(queue);
        send("after", delay).join();
        eventually(PATIENCE, () -> assertThat(texts()).contains("after"));

        admin.exchangeDelete(queue);
        send("later", delay).join();
        eventually(PATIENCE, () -> assertThat(texts()).contains("later"));
    }

    @Test
    void saysThatAnExchangeIsNotThere() {
        backend.close();
        backend =
                RabbitBindingBackend.builder(server, destination).declare(false).build();

        assertThat(failure(send("lost", null)))
                .isInstanceOfSatisfying(SendException.class, failure -> {
                    assertThat(failure.code()).isEqualTo("MECHA-B318");
                    assertThat(failure.mayHaveHappened()).isFalse();
                })
                .hasMessageContaining(destination);
    }

    @Test
    void saysThatAnExchangeIsOfAnotherType() throws Exception {
        admin.exchangeDeclare(destination, "topic", true);

        assertThat(failure(send("lost", null)))
                .hasMessageContaining("MECHA-B303")
                .hasMessageContaining("inequivalent arg 'type'");
    }

    @Test
    void makesOneQueueForEachLengthOfDelay() throws Exception {
        receive(Ordering.NONE);
        Duration delay = Duration.ofSeconds(2);
        List<CompletableFuture<Receipt>> sent = new ArrayList<>();
        for (int index = 0; index < 50; index++) {
            sent.add(send(backend, String.valueOf(index), "key-" + index, delay));
        }
        sent.add(send(backend, "long", "k".repeat(240), delay));
        sent.add(send(backend, "longer", "ü".repeat(240), delay));
        sent.forEach(CompletableFuture::join);

        eventually(PATIENCE, () -> assertThat(texts()).hasSize(52));
        assertThat(admin.queueDeclarePassive("mecha.delay." + destination + ".2000"))
                .isNotNull();
        assertThat(received).extracting(delivery -> delivery.message().key()).contains("key-49", "ü".repeat(240));
    }

    @Test
    void delaysMessagesOfANamedQueueToo() throws Exception {
        backend.close();
        String queue = destination + "-somebody-s";
        admin.queueDeclare(queue, true, false, false, Map.of());
        backend = RabbitBindingBackend.builder(server, destination)
                .exchange("")
                .queue(queue)
                .routingKey(queue)
                .declare(false)
                .build();

        send("later", Duration.ofMillis(200)).join();

        eventually(PATIENCE, () -> assertThat(count(queue)).isEqualTo(1));
    }

    @Test
    void goesOnWithConfirmsAfterAMessageThatAmqpCannotCarry() throws Exception {
        receive(Ordering.NONE);
        send("before", null).join();

        CompletableFuture<Receipt> large = backend.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send(
                        "large",
                        Message.received("key", "text/plain", Map.of(), Map.of("much", "x".repeat(200_000)), null))
                .toCompletableFuture();
        CompletableFuture<Receipt> after = send("after", null);

        assertThat(failure(large))
                .hasMessageContaining("MECHA-B303")
                .isInstanceOfSatisfying(
                        SendException.class,
                        refused -> assertThat(refused.permanent()).isTrue());
        assertThat(after.get(2, TimeUnit.SECONDS).id()).isEqualTo("after");
    }

    @Test
    void sendsFromAContinuationAfterAMessageCameBack() {
        backend.close();
        backend = RabbitBindingBackend.builder(server, destination)
                .exchangeType(RabbitBindingBackend.ExchangeType.TOPIC)
                .bindingKeys(List.of("a.*"))
                .build();
        groups().declare(GROUP, Ordering.NONE);

        CompletableFuture<Receipt> lost = send(backend, "lost", "nowhere", null);
        CompletableFuture<Receipt> next =
                send(backend, "first", "a.b", null).thenCompose(receipt -> send(backend, "next", "a.b", null));
        CompletableFuture<Receipt> last = send(backend, "last", "a.b", null);

        assertThat(failure(next)).isNull();
        assertThat(failure(last)).isNull();
        assertThat(failure(lost)).hasMessageContaining("MECHA-B304");
        assertThat(groups().lag(GROUP)).hasValue(3);
    }

    @Test
    void sendsFromAContinuationWithADelay() {
        groups().declare(GROUP, Ordering.NONE);

        CompletableFuture<Receipt> delayed =
                send("first", null).thenCompose(receipt -> send("delayed", Duration.ofMillis(1)));

        assertThat(failure(delayed)).isNull();
        eventually(PATIENCE, () -> assertThat(groups().lag(GROUP)).hasValue(2));
    }

    @Test
    void keepsOneConsumerWhenItsThreadIsInterrupted() {
        receive(Ordering.NONE);
        String queue = destination + "." + GROUP;
        send("unfinished", null).join();
        eventually(PATIENCE, () -> assertThat(texts()).containsExactly("unfinished"));

        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("mecha-rabbitmq-" + queue))
                .forEach(Thread::interrupt);

        eventually(PATIENCE, () -> assertThat(texts()).containsExactly("unfinished", "unfinished"));
        assertThat(consumers(queue)).isEqualTo(1);
        consumers.forEach(MessageConsumer::close);
        eventually(PATIENCE, () -> assertThat(count(queue)).isEqualTo(1));
    }

    private int consumers(String queue) {
        try {
            return admin.queueDeclarePassive(queue).getConsumerCount();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private int count(String queue) {
        try {
            return admin.queueDeclarePassive(queue).getMessageCount();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Counts members of a queue; zero if it is not there yet. */
    private static int members(String queue) {
        try {
            Channel channel = connection.createChannel();
            try {
                return channel.queueDeclarePassive(queue).getConsumerCount();
            } finally {
                Topology.close(channel);
            }
        } catch (IOException notYet) {
            return 0;
        }
    }

    private static @Nullable Throwable failure(CompletableFuture<Receipt> sent) {
        return sent.handle((receipt, failure) -> failure).join();
    }

    private Groups groups() {
        return backend.capabilities().find(Groups.class).orElseThrow();
    }

    private CompletableFuture<Receipt> send(String text, @Nullable Duration delay) {
        return send(backend, text, "key", delay);
    }

    private static CompletableFuture<Receipt> send(
            RabbitBindingBackend backend, String text, String key, @Nullable Duration delay) {
        return backend.capabilities()
                .find(Outbound.class)
                .orElseThrow()
                .send(text, new Text(key, text, delay))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS);
    }

    private void receive(Ordering ordering) {
        groups().declare(GROUP, ordering);
        consumers.add(backend.capabilities()
                .find(Inbound.class)
                .orElseThrow()
                .receive(
                        new ConsumerRequest(GROUP, ordering, StartAt.EARLIEST, 1_000, 1_000, false, false),
                        received::addAll));
    }

    private List<String> texts() {
        return received.stream()
                .map(delivery -> new String(delivery.message().body(), StandardCharsets.UTF_8))
                .toList();
    }

    /** A message of some text. */
    private record Text(String key, String text, @Nullable Duration delay) implements Message {

        @Override
        public String contentType() {
            return "text/plain";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("specversion", "1.0", "id", text);
        }

        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public byte[] body() {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public @Nullable Duration timeToLive() {
            return null;
        }

        @Override
        public @Nullable Object original() {
            return null;
        }
    }
}
