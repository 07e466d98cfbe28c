// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.Applicability;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

abstract class PassOnBehaviour extends EngineGroup {

    PassOnBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void passesOnWhatItReceivedWithTheChangesOfTheEngine() {
        TestMessage sent = TestMessage.of("text")
                .withKey("ä/1")
                .withAttribute("kept", "Grüße")
                .withAttribute("changed", "before")
                .withAttribute("removed", "gone")
                .withHeader("x-kept", "1")
                .withHeader("x-changed", "before")
                .withHeader("x-removed", "gone");
        Collector collector = Collector.acknowledging();
        receive(APPLICATION, collector);
        send(sent);
        awaitCount(collector, 1);
        Message first = collector.message(0);

        pass(
                first,
                changed(first.attributes(), "removed", "changed", "added"),
                changed(first.headers(), "x-removed", "x-changed", "x-added"));

        awaitCount(collector, 2);
        Message second = collector.message(1);
        assertThat(second.key()).isEqualTo(first.key());
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.contentType()).isEqualTo("text/plain");
        assertThat(second.attributes())
                .containsAllEntriesOf(Map.of("kept", "Grüße", "changed", "after", "added", "after"))
                .containsEntry("id", sent.id())
                .doesNotContainKey("removed");
        assertThat(second.headers())
                .containsAllEntriesOf(Map.of("x-kept", "1", "x-changed", "after", "x-added", "after"))
                .doesNotContainKey("x-removed");
    }

    @Test
    void passesOnANewMediaTypeAndBody() {
        Collector collector = Collector.acknowledging();
        receive(APPLICATION, collector);
        send(TestMessage.of("text"));
        awaitCount(collector, 1);
        Message first = collector.message(0);

        pass(first, "application/json", first.attributes(), first.headers(), new byte[] {'1'});

        awaitCount(collector, 2);
        assertThat(collector.message(1).contentType()).isEqualTo("application/json");
        assertThat(collector.message(1).body()).containsExactly('1');
    }

    private static Map<String, String> changed(
            Map<String, String> before, String removed, String changed, String added) {
        Map<String, String> after = new TreeMap<>(before);
        after.remove(removed);
        after.put(changed, "after");
        after.put(added, "after");
        return after;
    }

    private void pass(Message message, Map<String, String> attributes, Map<String, String> headers) {
        pass(message, message.contentType(), attributes, headers, message.body());
    }

    private void pass(
            Message message,
            @Nullable String contentType,
            Map<String, String> attributes,
            Map<String, String> headers,
            byte @Nullable [] body) {
        Message passed = Message.received(message.key(), contentType, attributes, headers, body, message.original());
        await(capability(Outbound.class).send("passed", passed));
    }

    @Test
    void keepsInDeadLettersAndRedriveWhatOnlyTheTechnologyKnows() {
        Optional<BindingBackendContract.NativeClient> offered = contract().nativeClient();
        Applicability.require(offered.isPresent(), "no client of the technology is given");
        BindingBackendContract.NativeClient client = offered.orElseThrow();
        deadLetters();
        Supplier<List<List<String>>> seen = client.watch(channel());
        Supplier<List<List<String>>> dead = client.watch(deadChannel());
        AtomicBoolean well = new AtomicBoolean();
        Queue<Event<String>> handled = new ConcurrentLinkedQueue<>();
        Bindings engine = engine(setup(Encoding.RAW));
        subscribe(engine, spec(1).build(), event -> {
            handled.add(event);
            return well.get() ? Outcome.ack() : Outcome.deadLetter("not yet");
        });

        client.send(channel());
        eventually(() -> assertThat(handled).hasSize(1));
        well.set(true);
        AtomicInteger redriven = new AtomicInteger();
        eventually(() -> {
            redriven.addAndGet(engine.redrive(channel(), APPLICATION, 10));
            assertThat(redriven).hasValue(1);
        });

        eventually(() -> {
            assertThat(handled).hasSize(2);
            assertThat(seen.get()).hasSize(2);
            assertThat(dead.get()).hasSize(1);
        });
        List<String> original = seen.get().get(0);
        assertThat(original).isNotEmpty();
        assertThat(dead.get().get(0)).containsSubsequence(original);
        assertThat(seen.get().get(1)).containsSubsequence(original);
        assertThat(handled)
                .extracting(Event::data)
                .containsOnly(handled.element().data());
        assertThat(handled)
                .extracting(Event::key)
                .containsOnly(handled.element().key());
    }
}
