// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Rejection;
import io.mecha.test.Applicability;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

abstract class DeliveryBehaviour extends BindingGroup {

    DeliveryBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void deliversWhatWasAcknowledgedNeverAgain() {
        Collector collector = received("m1", "m2");

        collector.deliveries().forEach(Delivery::acknowledge);

        closeConsumers();
        assertReceivesNothing();
    }

    @Test
    void deliversAgainWhatWasNotFinishedWhenTheConsumerEnds() {
        Collector collector = received("m1", "m2");

        closeConsumers();

        assertThat(collector.deliveries()).noneMatch(Delivery::current);
        assertReceives("m1", "m2");
    }

    @Test
    void deliversAgainWhatWasNotFinishedWhenTheNodeEnds() {
        BindingBackend node = anotherNode();
        declare("group");
        send("m1", "m2");
        Collector lost = Collector.keeping();
        MessageConsumer consumer = receive(node, ConsumerRequest.of("group", ROOM), lost);
        awaitCount(lost, 2);
        Collector collector = Collector.acknowledging();
        receive("group", collector);

        consumer.close();
        node.close();

        eventually(() -> assertThat(collector.texts()).containsExactlyInAnyOrder("m1", "m2"));
    }

    @Test
    void ignoresWhatIsFinishedAfterTheConsumerEnded() {
        Collector collector = received("m1", "m2");
        closeConsumers();

        collector.delivery(0).acknowledge();
        collector.delivery(1).reject(Rejection.FAILED);

        assertReceives("m1", "m2");
    }

    @Test
    void deliversAgainWhatWasReleased() {
        Collector collector = received("m1");
        assertThat(collector.delivery(0).current()).isTrue();

        collector.delivery(0).release();

        eventually(() -> assertThat(collector.texts()).containsExactly("m1", "m1"));
        collector.delivery(1).acknowledge();
        closeConsumers();
        assertReceivesNothing();
    }

    @Test
    void countsAttempts() {
        Applicability.require(contract().countsAttempts(), "backend does not count attempts");
        Collector collector = received("m1");

        for (int attempt = 1; attempt <= 3; attempt++) {
            awaitCount(collector, attempt);
            assertThat(collector.delivery(attempt - 1).attempt()).isEqualTo(attempt);
            collector.delivery(attempt - 1).release();
        }

        awaitCount(collector, 4);
        assertThat(collector.delivery(3).attempt()).isEqualTo(4);
    }

    @Test
    void countsTheAttemptsOfANodeThatEnded() {
        Applicability.require(contract().countsAttempts(), "backend does not count attempts");
        received("m1");
        closeConsumers();

        Collector collector = Collector.acknowledging();
        receive("group", collector);

        awaitCount(collector, 1);
        assertThat(collector.delivery(0).attempt()).isEqualTo(2);
    }

    @Test
    void saysThatAFirstDeliveryIsTheFirst() {
        assertThat(received("m1").delivery(0).attempt()).isEqualTo(1);
    }

    @Test
    void remembersAttemptsThatFailed() {
        AttemptMemory memory = capability(AttemptMemory.class);
        Collector first = received("m1");

        memory.failed(first.delivery(0), 3);
        closeConsumers();

        Collector second = Collector.acknowledging();
        receive("group", second);
        awaitCount(second, 1);
        assertThat(second.delivery(0).attempt()).isEqualTo(4);
    }

    @Test
    void forgetsAttemptsOfAnotherDelivery() {
        AttemptMemory memory = capability(AttemptMemory.class);
        Collector first = received("m1", "m2");
        Delivery failing = first.deliveries().stream()
                .filter(delivery -> Collector.text(delivery).equals("m1"))
                .findFirst()
                .orElseThrow();
        memory.failed(failing, 3);
        failing.acknowledge();
        closeConsumers();

        Collector second = Collector.acknowledging();
        receive("group", second);
        awaitCount(second, 1);
        assertThat(second.delivery(0).attempt()).isLessThanOrEqualTo(2);
    }

    @Test
    void deliversWhatWasRejectedNeverAgain() {
        Collector collector = received("m1", "m2", "m3");

        collector.delivery(0).reject(Rejection.UNREADABLE);
        collector.delivery(1).reject(Rejection.REFUSED);
        collector.delivery(2).reject(Rejection.FAILED);

        closeConsumers();
        assertReceivesNothing();
    }

    @Test
    void ignoresAReleaseAfterAnAcknowledgement() {
        Collector collector = received("m1");

        collector.delivery(0).acknowledge();
        collector.delivery(0).release();
        collector.delivery(0).acknowledge();

        stays(() -> assertThat(collector.texts()).containsExactly("m1"));
        closeConsumers();
        assertReceivesNothing();
    }

    @Test
    void ignoresAnAcknowledgementAfterARelease() {
        Collector collector = received("m1");

        collector.delivery(0).release();
        collector.delivery(0).acknowledge();
        collector.delivery(0).reject(Rejection.FAILED);

        eventually(() -> assertThat(collector.texts()).containsExactly("m1", "m1"));
    }

    @Test
    void acceptsAcknowledgementsInAnyOrder() {
        Collector collector = received("m0", "m1", "m2", "m3", "m4");

        for (int index : new int[] {4, 2, 0, 1, 3}) {
            collector.delivery(index).acknowledge();
        }

        closeConsumers();
        assertReceivesNothing();
    }

    @Test
    void deliversAgainWhatLaterAcknowledgementsLeftOut() {
        Collector collector = received("m0", "m1", "m2", "m3", "m4");
        String leftOut = collector.texts().get(1);

        for (int index : new int[] {0, 2, 3, 4}) {
            collector.delivery(index).acknowledge();
        }

        closeConsumers();
        Collector again = Collector.acknowledging();
        receive("group", again);
        eventually(() -> assertThat(again.texts()).contains(leftOut));
        assertThat(again.texts()).doesNotContain(collector.texts().get(0));
    }

    @Test
    void losesNothingWhenTheFirstTwoAndEveryFifthAreReleased() {
        AtomicInteger count = new AtomicInteger();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        declare("group");
        receive("group", Collector.then(delivery -> {
            int number = count.incrementAndGet();
            if (number <= 2 || number % 5 == 0) {
                delivery.release();
            } else {
                handled.add(Collector.text(delivery));
                delivery.acknowledge();
            }
        }));

        List<String> sent = sendNumbered("m", 30);

        eventually(() -> assertThat(handled).containsAll(sent));
    }

    @Test
    void letsOthersHaveThePlaceOfWhatWasPutAside() {
        declare("group");
        Collector collector = Collector.then(Delivery::park);
        receive(backend(), ConsumerRequest.of("group", 1), collector);

        List<String> sent = sendNumbered("m", 5);

        awaitCount(collector, 5);
        assertThat(collector.texts()).containsAll(sent);
    }

    @Test
    void handsOutWhatComesAfterManyThatWerePutAside() {
        declare("group");
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        receive(backend(), ConsumerRequest.of("group", 2), Collector.then(delivery -> {
            String text = Collector.text(delivery);
            if (text.startsWith("bad")) {
                delivery.park();
            } else {
                handled.add(text);
                delivery.acknowledge();
            }
        }));

        sendNumbered("bad", Math.min(2 * ROOM, contract().mostPutAside()));
        List<String> good = sendNumbered("good", 5);

        eventually(() -> assertThat(handled).containsAll(good));
    }

    @Test
    void losesNothingThatWasPutAside() {
        Applicability.require(contract().holdsWhatIsPutAside(), "the server takes back what is put aside");
        Collector collector = received("m1", "m2", "m3");

        collector.deliveries().forEach(Delivery::park);

        stays(() -> assertThat(collector.deliveries()).hasSize(3).allMatch(Delivery::current));
        collector.delivery(0).acknowledge();
        closeConsumers();
        assertReceives(collector.texts().get(1), collector.texts().get(2));
    }

    /** Sends, and receives without finishing. */
    private Collector received(String... texts) {
        declare("group");
        send(texts);
        Collector collector = Collector.keeping();
        receive("group", collector);
        awaitCount(collector, texts.length);
        return collector;
    }

    private void assertReceives(String... texts) {
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        eventually(() -> assertThat(collector.texts()).containsExactlyInAnyOrder(texts));
    }

    /** Asks for a message that is sent last, so that no earlier one can be on its way. */
    private void assertReceivesNothing() {
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        send("last");
        awaitCount(collector, 1);
        stays(() -> assertThat(collector.texts()).containsExactly("last"));
    }

    @Test
    void knowsARawMessageAgainAndTellsItFromOthers() {
        MessageIdentity identities = capability(MessageIdentity.class);
        declare("group");
        for (String id : List.of("one", "other")) {
            await(capability(Outbound.class).send(id, TestMessage.of("same").withAttributes(Map.of())));
        }
        Collector first = Collector.keeping();
        MessageConsumer consumer = receive("group", first);
        awaitCount(first, 2);
        Set<MessageIdentity.Identity> known =
                first.deliveries().stream().map(identities::of).collect(Collectors.toSet());

        consumer.close();
        Collector second = Collector.acknowledging();
        receive("group", second);

        awaitCount(second, 2);
        assertThat(known).hasSize(2).doesNotContainNull();
        assertThat(second.deliveries().stream().map(identities::of)).containsExactlyInAnyOrderElementsOf(known);
    }
}
