// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Encoding;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.spi.TransactionRunner;
import io.mecha.test.TestClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveInboxTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final TestClock clock = new TestClock();
    private final ScriptedStore store = new ScriptedStore(clock);
    private final List<String> handled = new CopyOnWriteArrayList<>();

    ReceiveInboxTests() {
        kit.stores = name -> store.store();
    }

    @AfterEach
    void close() {
        kit.close();
    }

    private static SubscriptionSpec<String> spec() {
        SubscriptionOptions options = fast().inbox(new SubscriptionOptions.Inbox("dedup", Duration.ofHours(24)))
                .drainTimeout(Duration.ZERO)
                .build();
        return SubscriptionSpec.of("orders", String.class).options(options).build();
    }

    private long duplicates() {
        return kit.engine().channels().get(0).statistics().duplicates().sum();
    }

    @Test
    void handlesAnEventOnce() {
        kit.engine().subscribe(spec(), event -> {
            handled.add(event.id() + event.attempt());
            return event.attempt() == 1 ? Outcome.retry() : Outcome.ack();
        });

        kit.send("a");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));
        kit.send("a").send("b");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a", "a", "b"));
        assertThat(handled).containsExactly("a1", "a2", "b1", "b2");
        assertThat(duplicates()).isEqualTo(1);
        assertThat(store.keys()).containsExactlyInAnyOrder("orders/7:billing/5:/test/a", "orders/7:billing/5:/test/b");
    }

    @Test
    void keepsEventsApartWhoseSourceAndIdReadTheSame() {
        kit.engine().subscribe(spec(), event -> {
            handled.add(event.source() + " " + event.id());
            return Outcome.ack();
        });

        kit.send("b/c", null, Map.of("source", "/a")).send("c", null, Map.of("source", "/a/b"));

        soon(() -> assertThat(handled).containsExactlyInAnyOrder("/a b/c", "/a/b c"));
    }

    @Test
    void handlesAnEventOnOneOfTwoNodesHoweverLongThatTakes() {
        kit.clock = clock;
        CountDownLatch done = new CountDownLatch(1);
        try (ReceiveKit other = new ReceiveKit()) {
            other.clock = clock;
            other.stores = kit.stores;
            List.of(kit, other)
                    .forEach(node -> node.engine().subscribe(spec(), event -> {
                        handled.add(event.id());
                        done.await();
                        return Outcome.ack();
                    }));
            kit.send("a");
            soon(() -> assertThat(handled).hasSize(1));
            other.send("a");

            Instant unrenewed = expiry();
            clock.advance(Duration.ofSeconds(20));
            soon(() -> assertThat(expiry()).isAfter(unrenewed));
            clock.advance(Duration.ofSeconds(50));
            assertThat(clock.instant()).isAfter(unrenewed);
            assertThat(store.store().find(store.keys().get(0))).isPresent();
            assertThat(handled).hasSize(1);
            assertThat(other.orders.acknowledged()).isEmpty();
            done.countDown();

            soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
            soon(() -> {
                clock.advance(Duration.ofSeconds(1)); // the other node asks again, after a pause
                assertThat(other.orders.acknowledged()).containsExactly("a");
            });
            assertThat(handled).hasSize(1);
        }
    }

    @Test
    void marksNothingThatAnotherNodeHasClaimedSince() {
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch working = new CountDownLatch(1);
        try (ReceiveKit other = new ReceiveKit()) {
            other.stores = kit.stores;
            kit.engine().subscribe(spec(), event -> {
                handled.add("first");
                paused.await();
                return Outcome.ack();
            });
            other.engine().subscribe(spec(), event -> {
                handled.add("second");
                working.await();
                return Outcome.ack();
            });
            kit.send("a");
            soon(() -> assertThat(handled).containsExactly("first"));
            clock.advance(Duration.ofSeconds(61)); // for the store; the first node renews nothing meanwhile
            other.send("a");
            soon(() -> assertThat(handled).containsExactly("first", "second"));

            paused.countDown();
            soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
            assertThat(entry()).isEqualTo("c");
            working.countDown();

            soon(() -> assertThat(other.orders.acknowledged()).containsExactly("a"));
            assertThat(entry()).isEqualTo("h");
        }
    }

    private String entry() {
        String key = store.keys().get(0);
        return new String(store.store().find(key).orElseThrow().value(), StandardCharsets.UTF_8);
    }

    private Instant expiry() {
        String key = store.keys().get(0);
        return Objects.requireNonNull(store.store().find(key).orElseThrow().expiresAt());
    }

    @Test
    void handlesAnAsynchronousEventOnce() {
        kit.engine().subscribeAsync(spec(), event -> {
            handled.add(event.id());
            return CompletableFuture.completedFuture(Outcome.ack());
        });

        kit.send("a");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));
        kit.send("a");

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(2));
        assertThat(handled).containsExactly("a");
    }

    @Test
    void handlesABatchOnce() {
        kit.engine().subscribeBatch(spec(), batch -> batch.events().forEach(event -> handled.add(event.id())));

        kit.send("a");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));
        kit.send("a").send("b");

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(3));
        assertThat(handled).containsExactly("a", "b");
    }

    @Test
    void handlesAgainWhatACrashLeftClaimedOnceTheLeaseIsOver() {
        CountDownLatch never = new CountDownLatch(1);
        kit.engine().subscribe(spec(), event -> {
            handled.add("first");
            never.await();
            return Outcome.ack();
        });
        kit.send("a");
        soon(() -> assertThat(handled).containsExactly("first"));
        store.refuseWrites = true; // the JVM is gone
        kit.restart();
        soon(() -> assertThat(store.refused.get()).isPositive()); // the claim was not given back
        store.refuseWrites = false;
        kit.engine().subscribe(spec(), event -> {
            handled.add("second");
            return Outcome.ack();
        });
        soon(() -> assertThat(kit.engine().subscriptions().get(0).inFlight()).isEqualTo(1));
        assertThat(handled).containsExactly("first");

        clock.advance(Duration.ofSeconds(61));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
        assertThat(handled).containsExactly("first", "second");
    }

    @Test
    void doesNotCountAnAttemptWhileTheStoreCannotBeReached() {
        store.refuseWrites = true;
        kit.engine().subscribe(spec(), event -> {
            handled.add(event.id() + event.attempt());
            return Outcome.ack();
        });
        kit.send("a");
        soon(() -> assertThat(store.refused.get()).isPositive());

        store.refuseWrites = false;

        soon(() -> assertThat(handled).containsExactly("a1"));
    }

    @Test
    void writesTheEntryInTheTransactionOfTheHandler() {
        ScriptedTransactions transactions = new ScriptedTransactions();
        kit.transactions = transactions;
        kit.engine().subscribe(spec(), event -> {
            handled.add(event.id() + event.attempt());
            assertThat(transactions.open).isTrue();
            if (event.attempt() == 1) {
                throw new IllegalStateException("rolled back");
            }
            return event.attempt() == 2 ? Outcome.retry() : Outcome.ack();
        });

        kit.send("a");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));
        kit.send("a");

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(2));
        assertThat(handled).containsExactly("a1", "a2", "a3");
        assertThat(transactions.log).containsExactly("rollback", "rollback", "commit", "commit");
    }

    @Test
    void rollsABatchBackThatThrows() {
        ScriptedTransactions transactions = new ScriptedTransactions();
        kit.transactions = transactions;
        kit.engine().subscribeBatch(spec(), batch -> {
            handled.add(batch.events().get(0).id());
            if (handled.size() == 1) {
                throw new IllegalStateException("rolled back");
            }
        });

        kit.send("a");

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));
        assertThat(handled).containsExactly("a", "a");
        assertThat(transactions.log).containsExactly("rollback", "commit");
    }

    /** Undoes what was written to the store since the beginning if the work throws. */
    private final class ScriptedTransactions implements TransactionRunner {

        final List<String> log = new CopyOnWriteArrayList<>();
        volatile boolean open;

        @Override
        public boolean joins(String name) {
            return true;
        }

        @Override
        public <R> R call(String name, Callable<R> work) throws Exception {
            List<String> before = store.keys();
            open = true;
            try {
                R result = work.call();
                log.add("commit");
                return result;
            } catch (Throwable failure) {
                store.keepOnly(before);
                log.add("rollback");
                throw failure;
            } finally {
                open = false;
            }
        }
    }

    @Test
    void knowsRawMessagesByWhatTheBackendSaysAndGivesUpThoseOfWhichItSaysNothing() {
        kit.encoding = Encoding.RAW;
        Instant sent = Instant.parse("2020-02-03T04:05:06Z");
        kit.orders.offering(kit.orders.capabilities().with(MessageIdentity.class, delivery -> {
            String text = new String(delivery.message().body(), StandardCharsets.UTF_8);
            return text.equals("unknown") ? null : new MessageIdentity.Identity("id-" + text, "kafka:orders", sent);
        }));
        kit.engine().subscribe(spec(), event -> {
            handled.add("%s %s %s %s".formatted(event.id(), event.source(), event.time(), event.data()));
            return Outcome.ack();
        });

        for (String text : List.of("a", "b", "a", "unknown")) {
            kit.orders.send(
                    text,
                    Message.received(null, "text/plain", Map.of(), Map.of(), text.getBytes(StandardCharsets.UTF_8)));
        }

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(4));
        assertThat(handled)
                .containsExactly(
                        "id-a kafka:orders Optional[%s] a".formatted(sent),
                        "id-b kafka:orders Optional[%s] b".formatted(sent));
        assertThat(duplicates()).isEqualTo(1);
        assertThat(kit.broker("orders.dead").sent())
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter.attributes().get("mechadeadreason")).contains("inbox"));
    }
}
