// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.Handler;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.KeyOrder;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class DeadLetterBehaviour extends EngineGroup {

    DeadLetterBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void tellsInTheDeadLetterWhatFailed() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        subscribe(engine, spec(2).build(), event -> {
            throw new IllegalStateException("why it failed");
        });
        Event<String> event = Event.<String>builder()
                .id("id-1")
                .source("/shop")
                .type("order.placed")
                .extension("tenant", "a")
                .data("m")
                .build();

        engine.sender(channel(), String.class).send(event);

        awaitCount(dead, 1);
        assertThat(dead.message(0).attributes())
                .containsEntry("id", "id-1")
                .containsEntry("source", "/shop")
                .containsEntry("type", "order.placed")
                .containsEntry("tenant", "a")
                .containsEntry("mechadeadchannel", channel())
                .containsEntry("mechadeadgroup", APPLICATION)
                .containsEntry("mechadeadattempts", "2")
                .containsEntry("mechadeadexception", IllegalStateException.class.getName())
                .containsKeys("mechadeadreason", "knativeerrordest", "knativeerrorcode");
        assertThat(Collector.text(dead.delivery(0))).isEqualTo("m");
    }

    @Test
    void tellsWhyAHandlerGaveUp() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        AtomicInteger calls = new AtomicInteger();
        subscribe(engine, spec(5).build(), event -> {
            calls.incrementAndGet();
            return Outcome.deadLetter("no such customer");
        });

        sendTexts(engine, "m");

        awaitCount(dead, 1);
        assertThat(calls).hasValue(1);
        assertThat(dead.message(0).attributes().get("mechadeadreason")).contains("no such customer");
    }

    @Test
    void goesOnThoughADeadLetterIsRefusedForGoodAndLosesNothing() {
        Ordering ordering = backend().capabilities().find(KeyOrder.class).isPresent() ? Ordering.KEY : Ordering.NONE;
        declare(backend(), "keyed", ordering);
        Collector dead = deadLetters();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        Handler<String> handler = event -> {
            handled.add(event.data());
            return event.data().equals("bad") ? Outcome.deadLetter("no") : Outcome.ack();
        };
        SubscriptionSpec<String> ordered = spec(1).options(
                        quick(1).group("keyed").ordering(ordering).build())
                .build();
        EngineSetup setup = setup(Encoding.BINARY);
        setup.unwilling(deadChannel());
        Bindings first = engine(setup);
        subscribe(first, ordered, handler);
        Sender<String> sender = first.sender(channel(), String.class).with(SendOption.key("k"));

        List.of("bad", "good", "better").forEach(sender::send);

        eventually(() -> assertThat(handled).containsExactly("bad", "good", "better"));
        stays(() -> assertThat(dead.deliveries()).isEmpty());

        setup.crash();
        subscribe(engine(), ordered, handler);

        awaitCount(dead, 1);
        assertThat(Collector.text(dead.delivery(0))).isEqualTo("bad");
    }

    @Test
    void goesOnHoweverManyDeadLettersAreRefusedForGood() {
        Ordering ordering = backend().capabilities().find(KeyOrder.class).isPresent() ? Ordering.KEY : Ordering.NONE;
        declare(backend(), "keyed", ordering);
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        EngineSetup setup = setup(Encoding.BINARY);
        setup.unwilling(deadChannel());
        Bindings engine = engine(setup);
        SubscriptionSpec<String> ordered = spec(1).options(
                        quick(1).group("keyed").ordering(ordering).build())
                .build();
        subscribe(engine, ordered, event -> {
            if (event.data().startsWith("bad")) {
                return Outcome.deadLetter("no");
            }
            handled.add(event.data());
            return Outcome.ack();
        });
        Sender<String> sender = engine.sender(channel(), String.class);

        int bad = Math.min(2 * ROOM, contract().mostPutAside());
        IntStream.range(0, bad)
                .forEach(i -> sender.with(SendOption.key("k" + i % 7)).send("bad" + i));
        List.of("good", "better").forEach(sender.with(SendOption.key("k0"))::send);

        eventually(() -> assertThat(handled).contains("good", "better"));
    }

    @Test
    void putsAsideBytesThatCannotBeRead() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        Queue<Integer> handled = new ConcurrentLinkedQueue<>();
        engine.subscribe(
                SubscriptionSpec.of(channel(), Integer.class)
                        .options(quick(5).build())
                        .build(),
                event -> {
                    handled.add(event.data());
                    return Outcome.ack();
                });

        send(TestMessage.of("{ \"not\" JSON").withContentType("application/json"));
        engine.sender(channel(), Integer.class).send(7);

        awaitCount(dead, 1);
        eventually(() -> assertThat(handled).containsExactly(7));
        assertThat(Collector.text(dead.delivery(0))).isEqualTo("{ \"not\" JSON");
    }

    @Test
    void putsAsideEventsWithoutWhatEveryEventHas() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        subscribe(engine, spec(5).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });

        send(TestMessage.of("\"m\"")
                .withContentType("application/json")
                .withAttributes(Map.of("specversion", "1.0", "id", "1", "source", "/s")));
        send(TestMessage.of("not even JSON")
                .withContentType("application/cloudevents+json")
                .withAttributes(Map.of()));
        sendTexts(engine, "readable");

        awaitCount(dead, 2);
        eventually(() -> assertThat(handled).containsExactly("readable"));
    }

    @Test
    void losesNothingWhileTheDeadLetterCannotBeWritten() {
        Collector dead = deadLetters();
        EngineSetup setup = setup(Encoding.BINARY);
        Bindings engine = engine(setup);
        setup.unreachable(deadChannel(), true);
        AtomicInteger calls = new AtomicInteger();
        subscribe(engine, spec(1).build(), event -> {
            calls.incrementAndGet();
            throw new IllegalStateException("always");
        });
        sendTexts(engine, "m");
        eventually(() -> assertThat(calls).hasValue(1));
        stays(() -> assertThat(dead.deliveries()).isEmpty());

        setup.unreachable(deadChannel(), false);

        awaitCount(dead, 1);
    }

    @Test
    void keepsAMessageWhoseDeadLetterCouldNotBeWrittenBeforeACrash() {
        Collector dead = deadLetters();
        EngineSetup setup = setup(Encoding.BINARY);
        Bindings engine = engine(setup);
        setup.unreachable(deadChannel(), true);
        AtomicInteger calls = new AtomicInteger();
        Handler<String> failing = event -> {
            calls.incrementAndGet();
            throw new IllegalStateException("always");
        };
        subscribe(engine, spec(1).build(), failing);
        sendTexts(engine, "m");
        eventually(() -> assertThat(calls).hasValue(1));

        setup.crash();
        subscribe(engine(), spec(1).build(), failing);

        awaitCount(dead, 1);
    }

    @Test
    void sendsDeadLettersBackToTheGroupThatFailed() {
        declare("healthy");
        declare("ill");
        Bindings engine = engine();
        AtomicBoolean ill = new AtomicBoolean(true);
        List<Event<String>> recovered = new CopyOnWriteArrayList<>();
        Queue<String> healthy = new ConcurrentLinkedQueue<>();
        AtomicInteger failed = new AtomicInteger();
        subscribe(engine, spec(1).options(quick(1).group("healthy").build()).build(), event -> {
            healthy.add(event.data());
            return Outcome.ack();
        });
        subscribe(engine, spec(1).options(quick(1).group("ill").build()).build(), event -> {
            if (ill.get()) {
                failed.incrementAndGet();
                throw new IllegalStateException("ill");
            }
            recovered.add(event);
            return Outcome.ack();
        });
        sendTexts(engine, "m1", "m2");
        eventually(() -> {
            assertThat(failed).hasValue(2);
            assertThat(healthy).containsExactlyInAnyOrder("m1", "m2");
        });
        ill.set(false);

        redrive(engine, "ill", 2);

        eventually(() -> assertThat(recovered).extracting(Event::data).containsExactlyInAnyOrder("m1", "m2"));
        assertThat(recovered.get(0).extensions().keySet())
                .noneMatch(name -> name.startsWith("mecha") || name.startsWith("knativeerror"));
        stays(() -> {
            assertThat(healthy).hasSize(2);
            assertThat(recovered).hasSize(2);
        });
        assertThat(engine.redrive(channel(), "ill", 10)).isZero();
    }

    @Test
    void sendsBackAWholeEventWhoseAttributesDifferInCase() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        AtomicBoolean ill = new AtomicBoolean(true);
        List<Event<String>> recovered = new CopyOnWriteArrayList<>();
        subscribe(engine, spec(1).build(), event -> {
            if (ill.get()) {
                return Outcome.deadLetter("ill");
            }
            recovered.add(event);
            return Outcome.ack();
        });

        String json = """
                {"specversion":"1.0","id":"1","source":"/s","type":"a","tenant":"t","datacontenttype":"text/plain","data":"m",
                "ID":"2","Type":"b","TENANT":"u","DataContentType":"x/y","MECHADEADPOSITION":"0-0@0"}""";
        send(TestMessage.of(json)
                .withContentType("application/cloudevents+json")
                .withAttributes(Map.of()));
        awaitCount(dead, 1);
        ill.set(false);
        redrive(engine, APPLICATION, 1);

        assertThat(dead.message(0).contentType()).isEqualTo("text/plain");
        assertThat(dead.message(0).attributes())
                .containsAllEntriesOf(Map.of("id", "1", "type", "a", "tenant", "t"))
                .doesNotContainKey("mechadeadposition");
        eventually(() -> assertThat(recovered).singleElement().satisfies(event -> {
            assertThat(event.id()).isEqualTo("1");
            assertThat(event.type()).isEqualTo("a");
            assertThat(event.data()).isEqualTo("m");
            assertThat(event.extensions()).isEqualTo(Map.of("tenant", "t"));
        }));
    }

    @Test
    void sendsBackWhatLiesBehindTheDeadLettersOfAnotherChannel() {
        String other = channel() + ".other";
        declare(contract().open(other), APPLICATION, Ordering.NONE);
        Bindings engine = engine();
        AtomicBoolean ill = new AtomicBoolean(true);
        Queue<String> recovered = new ConcurrentLinkedQueue<>();
        Collector dead = deadLetters();
        engine.subscribe(
                SubscriptionSpec.of(other, String.class)
                        .options(quick(1).concurrency(16)
                                .deadLetter(deadChannel())
                                .build())
                        .build(),
                event -> Outcome.deadLetter("the other channel"));
        subscribe(engine, spec(1).build(), event -> {
            if (ill.get()) {
                throw new IllegalStateException("ill");
            }
            recovered.add(event.data());
            return Outcome.ack();
        });
        List<String> texts = IntStream.range(0, 300).mapToObj(i -> "other" + i).toList();
        engine.sender(other, String.class).sendAll(texts);
        awaitCount(dead, 300);
        sendTexts(engine, "m");
        awaitCount(dead, 301);
        ill.set(false);

        redrive(engine, APPLICATION, 1);

        eventually(() -> assertThat(recovered).containsExactly("m"));
    }

    @Test
    void handsOnWhatARedriveSentBack() {
        String next = channel() + "-next";
        declare(anotherDestination("next"), "other", Ordering.NONE);
        Bindings engine = engine();
        AtomicBoolean ill = new AtomicBoolean(true);
        AtomicInteger failed = new AtomicInteger();
        Queue<String> handedOn = new ConcurrentLinkedQueue<>();
        engine.subscribe(
                SubscriptionSpec.of(next, String.class)
                        .options(quick(1).group("other").build())
                        .build(),
                event -> {
                    handedOn.add(event.data());
                    return Outcome.ack();
                });
        subscribe(engine, spec(1).build(), event -> {
            if (ill.get()) {
                failed.incrementAndGet();
                throw new IllegalStateException("ill");
            }
            engine.sender(next, String.class).send(event);
            return Outcome.ack();
        });
        sendTexts(engine, "m1");
        eventually(() -> assertThat(failed).hasValue(1));
        ill.set(false);

        redrive(engine, APPLICATION, 1);

        eventually(() -> assertThat(handedOn).containsExactly("m1"));
    }

    @Test
    void handlesWhatCarriesMarksThatNobodySigned() {
        declare(APPLICATION);
        Bindings engine = engine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        subscribe(engine, spec(1).build(), event -> {
            handled.add(event.data() + event.headers().keySet().contains("mecha-mark"));
            return Outcome.ack();
        });

        send(TestMessage.of("m")
                .withAttribute("mechaonlygroup", "other")
                .withHeader("mecha-mark", "v1.AARPTkxZAAZvcmRlcnMABW90aGVyAAA.AAAA"));

        eventually(() -> assertThat(handled).containsExactly("mfalse"));
    }

    /** Sends back as many dead letters as there are, which may take several calls while they arrive. */
    private void redrive(Bindings engine, String group, int count) {
        AtomicInteger redriven = new AtomicInteger();
        eventually(() -> {
            redriven.addAndGet(engine.redrive(channel(), group, 10));
            assertThat(redriven).hasValue(count);
        });
    }
}
