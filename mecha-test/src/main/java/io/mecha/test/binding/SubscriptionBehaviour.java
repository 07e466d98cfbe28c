// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.Filter;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Groups;
import io.mecha.test.Applicability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

abstract class SubscriptionBehaviour extends EngineGroup {

    SubscriptionBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void carriesEventsAsHeadersAndBody() {
        assertCarries(Encoding.BINARY);
    }

    @Test
    void carriesEventsAsDocuments() {
        assertCarries(Encoding.STRUCTURED);
    }

    @Test
    void carriesSeveralEventsInOneMessage() {
        assertCarries(Encoding.BATCH);
    }

    @Test
    void carriesDataWithoutAttributes() {
        assertCarries(Encoding.RAW);
    }

    private void assertCarries(Encoding encoding) {
        Bindings engine = engine(setup(encoding));
        List<Event<String>> events = new CopyOnWriteArrayList<>();
        subscribe(engine, spec(1).build(), event -> {
            events.add(event);
            return Outcome.ack();
        });

        engine.sender(channel(), String.class)
                .with(SendOption.type("order.placed"), SendOption.attribute("tenant", "ä"), SendOption.key("k"))
                .sendAll(List.of("one 漢", "two"));

        eventually(() -> assertThat(events).extracting(Event::data).containsExactlyInAnyOrder("one 漢", "two"));
        if (encoding != Encoding.RAW) {
            assertThat(events).allSatisfy(event -> {
                assertThat(event.type()).isEqualTo("order.placed");
                assertThat(event.extensions()).containsEntry("tenant", "ä");
                assertThat(event.key()).contains("k");
            });
        }
    }

    @Test
    void handsOverHeadersAndAttributes() {
        Bindings engine = engine();
        List<Event<String>> events = new CopyOnWriteArrayList<>();
        subscribe(engine, spec(1).build(), event -> {
            events.add(event);
            return Outcome.ack();
        });

        engine.sender(channel(), String.class)
                .with(
                        SendOption.header("x-trace", "Grüße"),
                        SendOption.subject("s"),
                        SendOption.attribute("sequence", "0001"))
                .send("m");

        eventually(() -> assertThat(events).hasSize(1));
        assertThat(events.get(0).headers()).containsEntry("x-trace", "Grüße");
        assertThat(events.get(0).subject()).contains("s");
        assertThat(events.get(0).extensions()).containsEntry("sequence", "0001");
        assertThat(events.get(0).attempt()).isEqualTo(1);
    }

    @Test
    void passesByWhatTheFilterDoesNotMatch() {
        Bindings engine = engine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        subscribe(
                engine,
                spec(1).filter(Filter.sql("type = 'wanted' AND tenant IN ('a', 'b')"))
                        .build(),
                event -> {
                    handled.add(event.data());
                    return Outcome.ack();
                });

        sendTyped(engine, "wanted", "c", "m1");
        sendTyped(engine, "other", "a", "m2");
        sendTyped(engine, "wanted", "b", "m3");

        eventually(() -> assertThat(handled).containsExactly("m3"));
        eventually(() -> capability(Groups.class)
                .lag(APPLICATION)
                .ifPresent(lag -> assertThat(lag).isZero()));
    }

    @Test
    void handsEachTypeToItsHandler() {
        Bindings engine = engine();
        Queue<String> placed = new ConcurrentLinkedQueue<>();
        Queue<String> paid = new ConcurrentLinkedQueue<>();
        subscribe(engine, spec(1).types("placed").build(), event -> {
            placed.add(event.data());
            return Outcome.ack();
        });
        subscribe(engine, spec(1).types("paid").build(), event -> {
            paid.add(event.data());
            return Outcome.ack();
        });

        for (int i = 0; i < 5; i++) {
            sendTyped(engine, "placed", "a", "placed" + i);
            sendTyped(engine, "paid", "a", "paid" + i);
        }

        eventually(() -> {
            assertThat(placed).hasSize(5).allMatch(text -> text.startsWith("placed"));
            assertThat(paid).hasSize(5).allMatch(text -> text.startsWith("paid"));
        });
    }

    @Test
    void keepsChannelsApartAndStopsOneOfThem() {
        String other = channel() + "-other";
        declare(anotherDestination("other"), APPLICATION, Ordering.NONE);
        Bindings engine = engine();
        Queue<String> here = new ConcurrentLinkedQueue<>();
        Queue<String> there = new ConcurrentLinkedQueue<>();
        Subscription first = subscribe(engine, spec(1).build(), event -> {
            here.add(event.data());
            return Outcome.ack();
        });
        engine.subscribe(SubscriptionSpec.of(other, String.class).build(), event -> {
            there.add(event.data());
            return Outcome.ack();
        });
        Sender<String> sender = engine.sender(other, String.class);
        sendTexts(engine, "here");
        sender.send("there");
        eventually(() -> {
            assertThat(here).containsExactly("here");
            assertThat(there).containsExactly("there");
        });

        first.close();

        sendTexts(engine, "not handled");
        sender.send("still handled");
        eventually(() -> assertThat(there).containsExactly("there", "still handled"));
        assertThat(here).containsExactly("here");
        assertThat(first.state()).isEqualTo(Subscription.State.CLOSED);
    }

    @Test
    void handlesNothingWhilePaused() {
        Bindings engine = engine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        Subscription subscription = subscribe(engine, spec(1).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });
        sendTexts(engine, "before");
        eventually(() -> assertThat(handled).containsExactly("before"));

        subscription.pause();

        assertThat(subscription.state()).isEqualTo(Subscription.State.PAUSED);
        sendTexts(engine, "during");
        stays(() -> assertThat(handled).containsExactly("before"));
        subscription.resume();
        eventually(() -> assertThat(handled).containsExactly("before", "during"));
    }

    @Test
    void waitsForRunningHandlersWhenDrained() throws Exception {
        Bindings engine = engine();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicInteger finished = new AtomicInteger();
        Subscription subscription = subscribe(engine, spec(3).build(), event -> {
            entered.countDown();
            leave.await(patience().toMillis(), TimeUnit.MILLISECONDS);
            finished.incrementAndGet();
            return Outcome.ack();
        });
        sendTexts(engine, "m");
        assertThat(entered.await(patience().toMillis(), TimeUnit.MILLISECONDS)).isTrue();

        assertThat(subscription.drain(Duration.ofMillis(50))).isFalse();
        leave.countDown();
        assertThat(subscription.drain(patience())).isTrue();
        subscription.close();

        assertThat(finished).hasValue(1);
        AtomicInteger again = new AtomicInteger();
        subscribe(engine, spec(3).build(), event -> {
            again.incrementAndGet();
            return Outcome.ack();
        });
        stays(() -> assertThat(again).hasValue(0));
    }

    @Test
    void losesNothingWhenBoundAgainAndAgain() {
        Bindings engine = engine();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        List<String> sent = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            Subscription subscription = subscribe(engine, spec(3).build(), event -> {
                handled.add(event.data());
                return Outcome.ack();
            });
            for (int i = 0; i < 5; i++) {
                String text = "r" + round + "-" + i;
                sent.add(text);
                sendTexts(engine, text);
            }
            subscription.close();
        }
        subscribe(engine, spec(3).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });

        eventually(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(sent));
    }

    @Test
    void handlesElsewhereWhatACrashedNodeHadNotFinished() {
        EngineSetup setup = setup(Encoding.BINARY);
        Bindings crashing = engine(setup);
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicInteger entered = new AtomicInteger();
        SubscriptionOptions impatient =
                quick(3).drainTimeout(Duration.ofMillis(1)).build();
        subscribe(crashing, spec(1).options(impatient).build(), event -> {
            entered.incrementAndGet();
            stuck.await(patience().toMillis(), TimeUnit.MILLISECONDS);
            return Outcome.ack();
        });
        List<String> sent = sendNumbered(crashing, 5);
        eventually(() -> assertThat(entered).hasPositiveValue());

        setup.crash();
        stuck.countDown();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        subscribe(engine(), spec(5).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });

        eventually(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(sent));
    }

    @Test
    void delaysMessages() {
        requireDelay();
        Bindings engine = engine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        subscribe(engine, spec(1).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });

        engine.sender(channel(), String.class)
                .with(SendOption.delay(Duration.ofSeconds(2)))
                .send("later");
        sendTexts(engine, "now");

        eventually(() -> assertThat(handled).containsExactly("now"));
        stays(() -> assertThat(handled).containsExactly("now"));
        advance(Duration.ofSeconds(2));
        eventually(() -> assertThat(handled).containsExactly("now", "later"));
    }

    @Test
    void sendsWhatANodeDelayedThatIsGone() throws Exception {
        requireDelay();
        engine().sender(channel(), String.class)
                .with(SendOption.delay(Duration.ofSeconds(2)))
                .send("later");
        closeEngines();
        Queue<String> handled = new ConcurrentLinkedQueue<>();

        subscribe(engine(), spec(1).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });

        advance(Duration.ofSeconds(2));
        eventually(() -> assertThat(handled).contains("later"));
    }

    private void requireDelay() {
        Applicability.require(
                offers(Delay.class) || contract().store().isPresent(), "neither the backend nor a store can delay");
    }

    @Test
    void handlesNothingThatExpired() {
        Bindings engine = engine();
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        Subscription subscription = subscribe(engine, spec(1).build(), event -> {
            handled.add(event.data());
            return Outcome.ack();
        });
        subscription.pause();
        engine.sender(channel(), String.class)
                .with(SendOption.timeToLive(Duration.ofSeconds(1)))
                .send("old");
        sendTexts(engine, "kept");

        advance(Duration.ofSeconds(2));
        subscription.resume();

        eventually(() -> assertThat(handled).containsExactly("kept"));
        stays(() -> assertThat(handled).containsExactly("kept"));
    }

    private void sendTyped(Bindings engine, String type, String tenant, String text) {
        engine.sender(channel(), String.class)
                .with(SendOption.type(type), SendOption.attribute("tenant", tenant))
                .send(text);
    }
}
