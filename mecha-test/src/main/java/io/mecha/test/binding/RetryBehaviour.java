// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.RetryPolicy;
import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Failure;
import io.mecha.binding.Handler;
import io.mecha.binding.Outcome;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.AttemptMemory;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

abstract class RetryBehaviour extends EngineGroup {

    RetryBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void handlesAgainAsOftenAsTold() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
        subscribe(engine, spec(4).build(), event -> {
            attempts.add(event.attempt());
            throw new IllegalStateException("always");
        });

        sendTexts(engine, "m");

        awaitCount(dead, 1);
        stays(() -> assertThat(attempts).containsExactly(1, 2, 3, 4));
        assertThat(dead.deliveries()).hasSize(1);
    }

    @Test
    void waitsLongerBeforeEachAttempt() {
        Bindings engine = engine();
        Queue<Long> times = new ConcurrentLinkedQueue<>();
        RetryPolicy policy = new RetryPolicy(4, Duration.ofMillis(50), 2.0, Duration.ofMillis(100), 0.0, List.of());
        subscribe(
                engine,
                spec(1).options(SubscriptionOptions.builder().retry(policy).build())
                        .build(),
                event -> {
                    times.add(System.nanoTime());
                    if (times.size() < 4) {
                        throw new IllegalStateException("not yet");
                    }
                    return Outcome.ack();
                });

        sendTexts(engine, "m");

        eventually(() -> assertThat(times).hasSize(4));
        List<Long> all = List.copyOf(times);
        int[] bounds = {50, 100, 100};
        for (int i = 0; i < bounds.length; i++) {
            assertThat(Duration.ofNanos(all.get(i + 1) - all.get(i)))
                    .isBetween(Duration.ofMillis(bounds[i] - 2), patience());
        }
    }

    @Test
    void triesOnceWhatIsNotRetryable() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        AtomicInteger calls = new AtomicInteger();
        RetryPolicy policy =
                new RetryPolicy(5, Duration.ofMillis(5), 1.0, null, 0.0, List.of(IllegalArgumentException.class));
        subscribe(
                engine,
                spec(1).options(SubscriptionOptions.builder().retry(policy).build())
                        .build(),
                event -> {
                    calls.incrementAndGet();
                    throw new NumberFormatException("never");
                });

        sendTexts(engine, "m");

        awaitCount(dead, 1);
        stays(() -> assertThat(calls).hasValue(1));
    }

    @Test
    void treatsErrorsAsFailures() {
        Bindings engine = engine();
        AtomicInteger calls = new AtomicInteger();
        subscribe(engine, spec(3).build(), event -> {
            if (calls.incrementAndGet() == 1) {
                throw new StackOverflowError();
            }
            if (calls.get() == 2) {
                throw new AssertionError("an error");
            }
            return Outcome.ack();
        });

        sendTexts(engine, "m");

        eventually(() -> assertThat(calls).hasValue(3));
        stays(() -> assertThat(calls).hasValue(3));
    }

    @Test
    void fallsBackBeforeTheDeadLetter() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        Queue<Failure> failures = new ConcurrentLinkedQueue<>();
        Queue<String> texts = new ConcurrentLinkedQueue<>();
        subscribe(
                engine,
                spec(2).fallback((event, failure) -> {
                            failures.add(failure);
                            texts.add(event.data());
                            return Outcome.ack();
                        })
                        .build(),
                event -> {
                    throw new IllegalStateException("always");
                });

        sendTexts(engine, "m");

        eventually(() -> assertThat(failures).hasSize(1));
        assertThat(failures.element().attempts()).isEqualTo(2);
        assertThat(failures.element().cause()).isInstanceOf(IllegalStateException.class);
        assertThat(failures.element().channel()).isEqualTo(channel());
        assertThat(failures.element().group()).isEqualTo(APPLICATION);
        assertThat(texts).containsExactly("m");
        stays(() -> assertThat(dead.deliveries()).isEmpty());
    }

    @Test
    void keepsWhatEvenTheFallbackCannotHandle() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        subscribe(
                engine,
                spec(1).fallback((event, failure) -> {
                            throw new IllegalArgumentException("not even this");
                        })
                        .build(),
                event -> {
                    throw new IllegalStateException("always");
                });

        sendTexts(engine, "m");

        awaitCount(dead, 1);
    }

    @Test
    void triesAgainWhenAHandlerAsksForIt() {
        Bindings engine = engine();
        Queue<Long> times = new ConcurrentLinkedQueue<>();
        subscribe(engine, spec(3).build(), event -> {
            times.add(System.nanoTime());
            return times.size() == 1 ? Outcome.retry(Duration.ofMillis(100)) : Outcome.ack();
        });

        sendTexts(engine, "m");

        eventually(() -> assertThat(times).hasSize(2));
        List<Long> all = List.copyOf(times);
        assertThat(Duration.ofNanos(all.get(1) - all.get(0))).isGreaterThan(Duration.ofMillis(95));
        stays(() -> assertThat(times).hasSize(2));
    }

    @Test
    void dropsWhatAHandlerDrops() {
        Collector dead = deadLetters();
        Bindings engine = engine();
        AtomicInteger calls = new AtomicInteger();
        subscribe(engine, spec(3).build(), event -> {
            calls.incrementAndGet();
            return Outcome.drop();
        });

        sendTexts(engine, "m");

        eventually(() -> assertThat(calls).hasValue(1));
        stays(() -> {
            assertThat(calls).hasValue(1);
            assertThat(dead.deliveries()).isEmpty();
        });
    }

    @Test
    void handlesAllWhenTheFirstTwoAndEveryFifthFail() {
        Bindings engine = engine();
        AtomicInteger calls = new AtomicInteger();
        Set<String> handled = ConcurrentHashMap.newKeySet();
        subscribe(engine, spec(10).build(), event -> {
            int call = calls.incrementAndGet();
            if (call <= 2 || call % 5 == 0) {
                throw new IllegalStateException("call " + call);
            }
            handled.add(event.data());
            return Outcome.ack();
        });

        List<String> sent = sendNumbered(engine, 20);

        eventually(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(sent));
    }

    @Test
    void handlesAllOfAMessageOfWhichOneEventFails() {
        Collector dead = deadLetters();
        Bindings engine = engine(setup(Encoding.BATCH));
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        Subscription subscription = subscribe(engine, spec(2).build(), event -> {
            handled.add(event.data());
            if (event.data().equals("bad")) {
                throw new IllegalStateException("always");
            }
            return Outcome.ack();
        });

        engine.sender(channel(), String.class).sendAll(List.of("good", "bad", "best"));
        sendTexts(engine, "later");

        awaitCount(dead, 1);
        eventually(() -> assertThat(subscription.inFlight()).isZero());
        assertThat(handled).containsExactlyInAnyOrder("good", "bad", "bad", "best", "later");
        stays(() -> assertThat(dead.deliveries()).hasSize(1));
    }

    @Test
    void countsAttemptsAcrossACrash() {
        capability(AttemptMemory.class);
        Collector dead = deadLetters();
        AtomicInteger calls = new AtomicInteger();
        EngineSetup setup = setup(Encoding.BINARY);
        Bindings first = engine(setup);
        RetryPolicy policy = new RetryPolicy(4, Duration.ofMillis(5), 1000.0, Duration.ofHours(1), 0.0, List.of());
        SubscriptionSpec<String> patient = spec(1).options(SubscriptionOptions.builder()
                        .retry(policy)
                        .drainTimeout(Duration.ofMillis(1))
                        .build())
                .build();
        CountDownLatch passed = new CountDownLatch(1);
        Handler<String> failing = event -> {
            if (event.data().equals("good")) {
                passed.countDown();
                return Outcome.ack();
            }
            calls.incrementAndGet();
            throw new IllegalStateException("always");
        };
        subscribe(first, patient, failing);
        sendTexts(first, "m");
        eventually(() -> assertThat(calls).hasValueGreaterThanOrEqualTo(2));
        sendTexts(first, "good");
        eventually(() -> assertThat(passed.getCount()).isZero()); // so the second failure is counted, with one worker

        setup.crash();
        subscribe(engine(), spec(4).build(), failing);

        awaitCount(dead, 1);
        stays(() -> assertThat(calls).hasValue(4));
    }
}
