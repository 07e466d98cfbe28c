// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RateTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final TestClock clock = new TestClock();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    RateTests() {
        kit.clock = clock;
    }

    @AfterEach
    void close() {
        kit.close();
    }

    private static SubscriptionSpec.Builder<String> spec(SubscriptionOptions options) {
        return SubscriptionSpec.of("orders", String.class).options(options);
    }

    private Outcome note(Event<String> event) {
        handled.add(event.data());
        return Outcome.ack();
    }

    @Test
    void limitsTheRate() {
        kit.engine().subscribe(spec(fast().rate(1.0).build()).build(), this::note);

        kit.send("a").send("b").send("c");

        soon(() -> assertThat(handled).hasSize(1));
        clock.advance(Duration.ofMillis(1001));
        soon(() -> assertThat(handled).hasSize(2));
        clock.advance(Duration.ofMillis(1001));
        soon(() -> assertThat(handled).containsExactly("a", "b", "c"));
    }

    @Test
    void keepsTheRateAfterAPause() {
        Subscription subscription =
                kit.engine().subscribe(spec(fast().rate(1.0).build()).build(), this::note);
        subscription.pause();
        for (int index = 0; index < 20; index++) {
            kit.send("m" + index);
        }
        clock.advance(Duration.ofMinutes(1));

        subscription.resume();

        for (int second = 0; second < 5; second++) {
            int expected = second + 1;
            soon(() -> assertThat(handled).hasSizeGreaterThanOrEqualTo(expected));
            assertThat(handled).hasSizeLessThanOrEqualTo(expected + 1);
            clock.advance(Duration.ofMillis(1001));
        }
    }

    @Test
    void keepsTheRateAfterAHandlerThatTookLong() {
        CountDownLatch goOn = new CountDownLatch(1);
        kit.engine().subscribe(spec(fast().rate(1.0).concurrency(1).build()).build(), event -> {
            note(event);
            goOn.await();
            return Outcome.ack();
        });
        for (int index = 0; index < 20; index++) {
            kit.send("m" + index);
        }
        soon(() -> assertThat(handled).hasSize(1));
        clock.advance(Duration.ofSeconds(10));

        goOn.countDown();

        soon(() -> assertThat(kit.orders.acknowledged()).hasSizeGreaterThanOrEqualTo(2));
        assertThat(handled).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void keepsTheRateWithBatches() {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        kit.engine()
                .subscribeBatch(
                        spec(fast().rate(1.0).batchSize(3).prefetch(9).build()).build(),
                        batch -> sizes.add(batch.size()));
        for (int index = 0; index < 9; index++) {
            kit.send("m" + index);
        }

        soon(() -> assertThat(sizes).containsExactly(3));
        clock.advance(Duration.ofMillis(2900));
        assertThat(sizes).containsExactly(3);
        clock.advance(Duration.ofMillis(200));
        soon(() -> assertThat(sizes).containsExactly(3, 3));
    }
}
