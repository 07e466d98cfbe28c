// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.Message;
import io.mecha.test.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final TestClock clock = new TestClock();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        kit.close();
    }

    private Subscription subscribe() {
        kit.clock = clock;
        return kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class)
                                .options(fast().ordering(Ordering.KEY)
                                        .concurrency(4)
                                        .build())
                                .build(),
                        event -> {
                            handled.add(event.data());
                            return event.data().startsWith("bad")
                                            && !event.type().equals("good")
                                    ? Outcome.deadLetter("\uD83D\uDE00x".repeat(30_000))
                                    : Outcome.ack();
                        });
    }

    private long parked() {
        return kit.engine().channels().stream()
                .mapToLong(channel -> channel.statistics().parked().sum())
                .sum();
    }

    private List<Message> dead() {
        return kit.broker("orders.dead").sent();
    }

    @Test
    void boundsWhatItAdds() {
        subscribe();

        kit.send("bad");

        soon(() -> assertThat(dead()).hasSize(1));
        String reason = dead().get(0).attributes().getOrDefault("mechadeadreason", "");
        assertThat(reason).startsWith("\uD83D\uDE00x").hasSizeBetween(1000, 1024);
        assertThat(Character.isHighSurrogate(reason.charAt(reason.length() - 1)))
                .isFalse();
    }

    @Test
    void writesLessWhereMoreIsRefused() {
        kit.broker("orders.dead").unacceptable = message -> message.attributes().containsKey("mechadeadreason");
        subscribe();

        kit.send("bad");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("bad"));
        assertThat(dead()).singleElement().satisfies(letter -> {
            assertThat(letter.body()).isEqualTo("bad".getBytes(StandardCharsets.UTF_8));
            assertThat(letter.attributes())
                    .containsEntry("mechadeadchannel", "orders")
                    .containsEntry("mechadeadgroup", ReceiveKit.GROUP)
                    .doesNotContainKeys("mechadeadreason", "mechadeadposition");
        });
        assertThat(parked()).isZero();
    }

    @Test
    void putsAsideWhatNoDeadLetterTakesAndTriesItAgainLater() {
        kit.broker("orders.dead").unacceptable = message -> true;
        Subscription subscription = subscribe();

        kit.send("bad", "k", Map.of()).send("good1", "k", Map.of()).send("good2", "k", Map.of());

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("good1", "good2"));
        assertThat(handled).containsExactly("bad", "good1", "good2");
        assertThat(parked()).isEqualTo(1);
        soon(() -> assertThat(subscription.inFlight()).isZero());
        assertThat(kit.orders.lag(ReceiveKit.GROUP)).hasValue(1);

        kit.broker("orders.dead").unacceptable = message -> false;
        clock.advance(Duration.ofMinutes(10));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("good1", "good2", "bad"));
        assertThat(dead()).hasSize(1);
        assertThat(handled).hasSize(3);
        assertThat(subscription.inFlight()).isZero();
        soon(() -> assertThat(parked()).isZero());
    }

    @Test
    void letsOthersHaveThePlaceOfWhatWasPutAside() {
        kit.broker("orders.dead").unacceptable = message -> true;
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class)
                                .options(fast().concurrency(1).prefetch(1).build())
                                .build(),
                        event -> event.data().startsWith("bad") ? Outcome.deadLetter("bad") : Outcome.ack());

        kit.send("bad1").send("bad2").send("good");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("good"));
        assertThat(parked()).isEqualTo(2);
    }

    @Test
    void countsWhatTheBackendTookBackForAsLongAsItKeepsIt() {
        kit.orders.takesBack = true;
        kit.broker("orders.dead").unacceptable = message -> true;
        Subscription subscription = subscribe();

        kit.send("bad1", "k", Map.of()).send("bad2", "k", Map.of()).send("good", "k", Map.of());

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("good"));
        assertThat(parked()).isEqualTo(2);
        soon(() -> assertThat(subscription.inFlight()).isZero());

        kit.broker("orders.dead").unacceptable = message -> false;
        kit.orders.handOutWhatIsAside();
        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("good", "bad1", "bad2"));
        soon(() -> {
            clock.advance(Duration.ofMinutes(1));
            assertThat(parked()).isZero();
        });
        assertThat(dead()).hasSize(2);
    }

    @Test
    void handlesWhatWasPutAsideAgainAfterARestart() {
        kit.broker("orders.dead").unacceptable = message -> true;
        subscribe();
        kit.send("bad", "k", Map.of()).send("good", "k", Map.of());
        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("good"));

        kit.restart();
        kit.broker("orders.dead").unacceptable = message -> false;
        subscribe();

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("good", "bad"));
        assertThat(dead()).hasSize(1);
    }

    @Test
    void saysWhereAnEventLiesThatALogKeeps() {
        kit.orders.retaining();
        kit.broker("orders.dead").unacceptable = message -> message.body() != null;
        subscribe();

        kit.send("bad", "k", Map.of("mechadeadposition", "elsewhere", "tenant", "a"));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("bad"));
        assertThat(dead()).singleElement().satisfies(letter -> {
            assertThat(letter.key()).isEqualTo("k");
            assertThat(letter.attributes())
                    .containsEntry("id", "bad")
                    .containsEntry("mechadeadposition", "at bad")
                    .containsEntry("mechadeadchannel", "orders")
                    .doesNotContainKey("tenant");
        });
        assertThat(parked()).isZero();

        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 10)).isEqualTo(1);

        soon(() -> assertThat(handled).containsExactly("bad", "bad"));
    }

    @Test
    void sendsBackThoughNobodyCanCountWhatIsLeft() {
        subscribe();
        kit.send("bad");
        soon(() -> assertThat(dead()).hasSize(1));
        handled.clear();
        kit.broker("orders.dead").counting = () -> {
            throw new BindingBackendException("orders.dead", "scripted", "counting", null);
        };

        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 10)).isEqualTo(1);

        soon(() -> assertThat(handled).containsExactly("bad"));
    }

    @Test
    void leavesALetterWhoseEventIsGone() {
        kit.orders.retaining();
        kit.broker("orders.dead").unacceptable = message -> message.body() != null;
        subscribe();
        kit.send("bad");
        soon(() -> assertThat(dead()).hasSize(1));
        kit.orders.log.clear();

        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 10)).isZero();

        assertThat(kit.broker("orders.dead").lag(ReceiveKit.GROUP)).hasValue(1);
    }

    @Test
    void neverBelievesAStrangerWhereAnEventLies() {
        kit.orders.retaining();
        subscribe();

        kit.send("bad", "k", Map.of("mechadeadposition", "elsewhere"));

        soon(() -> assertThat(dead()).hasSize(1));
        assertThat(dead().get(0).attributes()).doesNotContainKey("mechadeadposition");
    }

    @Test
    void sendsBackALetterAndNotWhatLiesWhereAStrangerSays() {
        kit.orders.retaining();
        subscribe();
        kit.send("other").send("bad");
        soon(() -> assertThat(dead()).hasSize(1));
        Message letter = dead().get(0);
        Map<String, String> attributes = new HashMap<>(letter.attributes());
        attributes.put("mechadeadposition", "at other");
        kit.broker("orders.dead")
                .send(
                        "bad",
                        Message.received(
                                letter.key(), letter.contentType(), attributes, letter.headers(), letter.body()));
        handled.clear();

        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 10)).isEqualTo(2);

        soon(() -> assertThat(handled).containsExactly("bad", "bad"));
    }
}
