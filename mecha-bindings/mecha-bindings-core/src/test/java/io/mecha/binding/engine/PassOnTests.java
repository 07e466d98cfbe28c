// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead letters and what is redriven keep what only the adapter knows of a message. */
class PassOnTests {

    private static final Object ORIGINAL = new Object();
    private static final Map<String, String> EVENT =
            Map.of("specversion", "1.0", "id", "1", "source", "/elsewhere", "type", "t", "partitionkey", "own");

    private final ReceiveKit kit = new ReceiveKit();
    private final AtomicBoolean works = new AtomicBoolean();

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void keepsTheOriginalOfAnEvent() {
        send(message("text/plain", EVENT, "data"));

        assertThat(passedOn()).allSatisfy(message -> {
            assertThat(message.original()).isSameAs(ORIGINAL);
            assertThat(message.key()).isEqualTo("carried");
            assertThat(message.attributes()).containsEntry("partitionkey", "own");
        });
    }

    @Test
    void keepsTheOriginalOfWhatCannotBeRead() {
        send(message("text/plain", Map.of("id", "1"), "no event"));

        assertThat(passedOn())
                .allSatisfy(message -> assertThat(message.original()).isSameAs(ORIGINAL));
    }

    @Test
    void keepsTheOriginalAndTheKeyOfAWholeEvent() {
        send(message(
                "application/cloudevents-batch+json",
                Map.of(),
                "[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/elsewhere\",\"type\":\"t\",\"data\":\"d\"}]"));

        assertThat(passedOn()).allSatisfy(message -> {
            assertThat(message.original()).isSameAs(ORIGINAL);
            assertThat(message.key()).isEqualTo("carried");
        });
    }

    private void send(Message message) {
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class)
                                .options(fast().build())
                                .build(),
                        event -> works.get() ? Outcome.ack() : Outcome.deadLetter("not yet"));
        kit.orders.send("1", message);
        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
    }

    /** Returns the dead letter, and what a redrive makes of it. */
    private List<Message> passedOn() {
        works.set(true);
        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 1)).isEqualTo(1);
        List<Message> sent = kit.orders.sent();
        assertThat(sent).hasSize(2);
        return List.of(kit.broker("orders.dead").sent().get(0), sent.get(1));
    }

    private static Message message(@Nullable String type, Map<String, String> attributes, String body) {
        return Message.received("carried", type, attributes, Map.of(), body.getBytes(StandardCharsets.UTF_8), ORIGINAL);
    }
}
