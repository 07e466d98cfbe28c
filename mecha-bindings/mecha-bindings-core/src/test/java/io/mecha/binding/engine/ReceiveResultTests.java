// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.SigningKeys;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiveResultTests {

    private final ReceiveKit kit = new ReceiveKit();

    @AfterEach
    void close() {
        kit.close();
    }

    private static SubscriptionSpec.Builder<String> spec() {
        return SubscriptionSpec.of("orders", String.class).options(fast().build());
    }

    private static List<String> ids(List<Message> messages) {
        return messages.stream()
                .map(message -> message.attributes().getOrDefault("id", ""))
                .toList();
    }

    @Test
    void sendsEachElementThatAHandlerReturnedBeforeItAcknowledges() {
        kit.engine()
                .subscribe(
                        spec().sendTo("invoices").build(),
                        event -> Outcome.reply(List.of(
                                "one",
                                Event.builder().id("mine").type("t").data("two").build())));

        kit.send("a");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
        assertThat(ids(kit.broker("invoices").sent())).containsExactly("a/billing/0", "mine");
    }

    @Test
    void retriesWhenTheResultCannotBeSent() {
        kit.broker("invoices").down = true;
        kit.engine().subscribe(spec().sendTo("invoices").build(), event -> Outcome.reply("x"));

        kit.send("a");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
        assertThat(kit.broker("orders.dead").sent()).hasSize(1);
        assertThat(kit.broker("orders.dead").sent().get(0).attributes()).containsEntry("mechadeadattempts", "3");
    }

    @Test
    void forwardsInOneStepWhereTheBackendCan() {
        kit.orders.forwarding();
        kit.engine().subscribe(spec().sendTo("invoices").build(), event -> Outcome.reply("x"));

        kit.send("a");

        soon(() -> assertThat(ids(kit.broker("invoices").sent())).containsExactly("a/billing/0"));
        assertThat(kit.orders.acknowledged()).containsExactly("a");
        soon(() -> assertThat(kit.engine().subscriptions().get(0).inFlight()).isZero());
    }

    @Test
    void retriesWhenTheResultCannotBeForwarded() {
        kit.orders.forwarding();
        kit.broker("invoices").down = true;
        kit.engine().subscribe(spec().sendTo("invoices").build(), event -> Outcome.reply("x"));

        kit.send("a");

        soon(() -> assertThat(kit.broker("orders.dead").sent())
                .singleElement()
                .satisfies(dead -> assertThat(dead.attributes()).containsEntry("mechadeadattempts", "3")));
        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
        assertThat(kit.broker("invoices").sent()).isEmpty();
    }

    @Test
    void answersWhoeverAsked() {
        kit.engine().subscribe(spec().build(), event -> Outcome.reply("answer"));

        kit.send("a", null, Map.of("replyto", "orders.replies", "correlationid", "c-7"));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
        assertThat(kit.broker("orders.replies").sent())
                .singleElement()
                .satisfies(reply -> assertThat(reply.attributes()).containsEntry("correlationid", "c-7"));
    }

    @Test
    void sendsNoReplyWhereverAStrangerLikes() {
        kit.engine().subscribe(spec().build(), event -> Outcome.reply("answer"));

        kit.send("a", null, Map.of("replyto", "payments")).send("b", null, Map.of("replyto", "made-up.replies"));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a", "b"));
        assertThat(kit.engine().names()).containsExactlyInAnyOrder("orders", "orders.dead");
    }

    @Test
    void handsOnWhatCameFromOutsideAndNoSenderCouldSend() {
        Map<String, String> strange = Map.of("subject", "a\nb", "source", "not a uri", "tenant", "\u0001");
        kit.engine()
                .subscribe(
                        spec().sendTo("next").build(),
                        event -> Outcome.reply(event.withData(event.data()).build()));

        kit.send("1", "a\tkey", strange);

        soon(() -> assertThat(kit.broker("next").sent()).hasSize(1));
        assertThat(kit.broker("next").sent().get(0).attributes())
                .containsAllEntriesOf(strange)
                .containsEntry("partitionkey", "a\tkey");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void carriesNoMarkOn(boolean forwarding) {
        if (forwarding) {
            kit.orders.forwarding();
        }
        kit.engine()
                .subscribe(
                        spec().sendTo("next").build(),
                        event -> Outcome.reply(event.withData("made of it").build()));

        kit.orders.send("1", marked(Map.of()));

        soon(() -> assertThat(kit.broker("next").sent()).hasSize(1));
        assertThat(kit.broker("next").sent().get(0).headers()).doesNotContainKey("mecha-mark");
    }

    @Test
    void answersWithoutTheMarkOfTheRequest() {
        kit.engine()
                .subscribe(
                        spec().build(),
                        event -> Outcome.reply(event.withData("answer").build()));

        kit.orders.send("1", marked(Map.of("replyto", "orders.replies", "correlationid", "c-7")));

        soon(() -> assertThat(kit.broker("orders.replies").sent()).hasSize(1));
        assertThat(kit.broker("orders.replies").sent().get(0).headers()).doesNotContainKey("mecha-mark");
    }

    /** Returns an event that a redrive has sent back to the group. */
    private static Message marked(Map<String, String> more) {
        Map<String, String> attributes =
                new HashMap<>(Map.of("specversion", "1.0", "id", "1", "source", "/test", "type", "t"));
        attributes.putAll(more);
        Message message = Message.received(null, "text/plain", attributes, Map.of(), new byte[] {'x'});
        return new Marks(SigningKeys.of(null, List.of()))
                .marked(message, attributes, Map.of(), Marks.Kind.ONLY, "orders", ReceiveKit.GROUP, "run");
    }

    @Test
    void refusesFromAHandlerWhatNoSenderCouldSend() {
        kit.engine()
                .subscribe(
                        spec().sendTo("next").build(),
                        event -> Outcome.reply(event.toBuilder().subject("a\nb").build()));

        kit.send("1");

        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
        assertThat(kit.broker("next").sent()).isEmpty();
    }

    @Test
    void sendsDeadLettersBackToTheGroupThatFailed() {
        List<String> handled = new CopyOnWriteArrayList<>();
        boolean[] works = {false};
        kit.engine().subscribe(spec().build(), event -> {
            if (!works[0]) {
                return Outcome.deadLetter("not yet");
            }
            handled.add(event.id() + new TreeSet<>(event.extensions().keySet()));
            return Outcome.ack();
        });
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class)
                                .options(fast().group("shipping").build())
                                .build(),
                        event -> {
                            handled.add("shipping " + event.id());
                            return Outcome.ack();
                        });
        kit.send("a").send("b").send("c");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(6));
        handled.clear();
        works[0] = true;

        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 2)).isEqualTo(2);
        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 10)).isEqualTo(1);
        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 10)).isZero();

        soon(() -> assertThat(handled).containsExactlyInAnyOrder("a[]", "b[]", "c[]"));
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(12));
        assertThat(kit.engine().redrive("orders", "shipping", 10)).isZero();
    }

    @Test
    void sendsEachDeadLetterBackOnceHoweverFastItFailsAgain() {
        kit.engine().subscribe(spec().build(), event -> Outcome.deadLetter("never"));
        kit.send("a").send("b");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(2));

        for (int i = 0; i < 2; i++) {
            assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 100)).isEqualTo(2);
            soon(() ->
                    assertThat(kit.broker("orders.dead").lag(ReceiveKit.GROUP)).hasValue(2));
        }
    }

    @Test
    void observesHandlersAndGoesOnWithTheTraceOfTheEvent() {
        List<String> seen = new CopyOnWriteArrayList<>();
        kit.observations = ObservationRegistry.create();
        kit.observations.observationConfig().observationHandler(new ObservationHandler<ReceiverContext<Object>>() {
            @Override
            public void onStop(ReceiverContext<Object> context) {
                Object carrier = context.getCarrier();
                seen.add(context.getName()
                        + " "
                        + (carrier == null ? "" : context.getGetter().get(carrier, "traceparent"))
                        + " "
                        + context.getLowCardinalityKeyValue("group").getValue()
                        + " "
                        + (context.getError() != null));
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return context instanceof ReceiverContext;
            }
        });
        kit.engine().subscribe(spec().build(), event -> {
            if (event.attempt() == 1) {
                throw new IllegalStateException();
            }
            return Outcome.ack();
        });

        kit.send("a", null, Map.of("traceparent", "00-1-2-01"));

        soon(() -> assertThat(seen)
                .containsExactly(
                        "mecha.binding.receive 00-1-2-01 billing true",
                        "mecha.binding.receive 00-1-2-01 billing false"));
    }
}
