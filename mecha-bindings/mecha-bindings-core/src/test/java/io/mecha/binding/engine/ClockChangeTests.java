// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.test.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Somebody sets the clock of the machine while the engine measures time. */
class ClockChangeTests {

    private static final Duration HOUR = Duration.ofHours(1);

    private final AtomicReference<Duration> set = new AtomicReference<>(Duration.ZERO);
    private final ReceiveKit kit = new ReceiveKit();

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void retriesInTimeWhenTheClockIsSetBack() {
        AtomicInteger attempts = new AtomicInteger();
        start(ReceiveKit.fast().retry(ReceiveKit.retries(4)), event -> {
            if (attempts.incrementAndGet() == 1) {
                set.set(HOUR.negated());
            }
            throw new IllegalStateException("not yet");
        });

        kit.send("a");

        soon(() -> assertThat(attempts).hasValue(4));
    }

    @Test
    void keepsTheRateWhenTheClockIsSetBack() {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        start(ReceiveKit.fast().rate(50.0), event -> {
            set.set(HOUR.negated());
            handled.add(event);
            return Outcome.ack();
        });

        for (int i = 0; i < 5; i++) {
            kit.send("m" + i);
        }

        soon(() -> assertThat(handled).hasSize(5));
    }

    @Test
    void keepsTheRateWhenTheClockIsSetForward() {
        Queue<String> handled = new ConcurrentLinkedQueue<>();
        start(ReceiveKit.fast().rate(0.01), event -> {
            set.set(HOUR);
            handled.add(event);
            return Outcome.ack();
        });
        kit.send("first");
        kit.send("second");

        soon(() -> assertThat(handled).hasSize(1));
        Eventually.letPass(Duration.ofMillis(100));

        assertThat(handled).hasSize(1);
    }

    @Test
    void endsHandlersInTimeWhenTheClockIsSetBack() {
        CountDownLatch interrupted = new CountDownLatch(1);
        start(ReceiveKit.fast().timeout(Duration.ofMillis(20)), event -> {
            set.set(HOUR.negated());
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException expected) {
                interrupted.countDown();
            }
            return Outcome.ack();
        });

        kit.send("a");

        soon(() -> assertThat(interrupted.getCount()).isZero());
    }

    private interface TextHandler {

        Outcome handle(String text);
    }

    private void start(SubscriptionOptions.Builder options, TextHandler handler) {
        kit.clock = () -> Instant.now().plus(set.get());
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class)
                                .options(options.build())
                                .build(),
                        event -> handler.handle(event.data()));
    }
}
