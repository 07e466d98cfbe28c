// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.Applicability;
import io.mecha.test.Together;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class SendBehaviour extends BindingGroup {

    private static final int SENDERS = 64;

    SendBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void takesMessagesOfManySendersAtOnce() throws Exception {
        declare("group");
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        List<Callable<List<String>>> senders = IntStream.range(0, SENDERS)
                .<Callable<List<String>>>mapToObj(sender -> () -> sendNumbered("s" + sender + "-", 20))
                .toList();

        List<String> sent = Together.run(senders).stream().flatMap(List::stream).toList();

        awaitCount(collector, sent.size());
        stays(() -> assertThat(collector.texts()).containsExactlyInAnyOrderElementsOf(sent));
    }

    @Test
    void keepsTheOrderOfAKeyOfEachSender() throws Exception {
        capability(KeyOrder.class);
        declare(backend(), "group", Ordering.KEY);
        Collector collector = Collector.acknowledging();
        receive(backend(), request("group", Ordering.KEY, ROOM), collector);
        List<Callable<List<String>>> senders = IntStream.range(0, 8)
                .<Callable<List<String>>>mapToObj(sender -> () -> sendWithoutWaiting("key" + sender, 50))
                .toList();

        List<List<String>> sent = Together.run(senders);

        awaitCount(collector, 8 * 50);
        for (int sender = 0; sender < sent.size(); sender++) {
            assertThat(collector.texts("key" + sender)).containsExactlyElementsOf(sent.get(sender));
        }
    }

    @Test
    void sendsSeveralInOneCallAndConfirmsEach() {
        Outbound outbound = capability(Outbound.class);
        declare("group");
        List<TestMessage> messages =
                IntStream.range(0, 50).mapToObj(i -> TestMessage.of("m" + i)).toList();

        List<CompletionStage<Receipt>> stages = sendAll(outbound, messages);

        assertThat(stages.stream().map(stage -> await(stage).id()))
                .containsExactlyElementsOf(
                        messages.stream().map(TestMessage::id).toList());
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        awaitCount(collector, 50);
        stays(() -> assertThat(collector.texts())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 50).mapToObj(i -> "m" + i).toList()));
    }

    @Test
    void sendsNothingWhenGivenNothing() {
        assertThat(capability(Outbound.class).sendAll(List.of(), List.of())).isEmpty();
    }

    @Test
    void sendsTheOthersWhenOneIsRefused() {
        Outbound outbound = capability(Outbound.class);
        int maximum = outbound.maximumBodySize();
        Applicability.require(maximum <= 32_000_000, "bodies may be larger than a test can make them");
        declare("group");
        List<TestMessage> messages = List.of(
                TestMessage.of("first"), TestMessage.of("").withBody(new byte[maximum + 1]), TestMessage.of("last"));

        List<CompletionStage<Receipt>> stages = sendAll(outbound, messages);

        await(stages.get(0));
        assertThatThrownBy(() -> await(stages.get(1)))
                .isInstanceOfSatisfying(
                        SendException.class,
                        failure -> assertThat(failure.permanent()).isTrue());
        await(stages.get(2));
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        eventually(() -> assertThat(collector.texts()).containsExactlyInAnyOrder("first", "last"));
    }

    private static List<CompletionStage<Receipt>> sendAll(Outbound outbound, List<TestMessage> messages) {
        return outbound.sendAll(messages.stream().map(TestMessage::id).toList(), messages);
    }

    /** Sends a key's messages one after another, without waiting for a confirmation in between. */
    private List<String> sendWithoutWaiting(String key, int count) {
        Outbound outbound = capability(Outbound.class);
        List<String> texts =
                IntStream.range(0, count).mapToObj(i -> key + "-" + i).toList();
        List<CompletionStage<Receipt>> stages = texts.stream()
                .map(text -> TestMessage.of(text).withKey(key))
                .map(message -> outbound.send(message.id(), message))
                .toList();
        stages.forEach(this::await);
        return texts;
    }
}
