// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.StartAt;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.receive.SubscriptionView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveLifecycleTests {

    private final ReceiveKit kit = new ReceiveKit();
    private final List<String> handled = new CopyOnWriteArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        kit.close();
    }

    private static SubscriptionSpec<String> spec(SubscriptionOptions options) {
        return SubscriptionSpec.of("orders", String.class).options(options).build();
    }

    private Subscription waiting(SubscriptionOptions options) {
        return kit.engine().subscribe(spec(options), event -> {
            handled.add(event.id());
            go.await();
            return Outcome.ack();
        });
    }

    @Test
    void asksTheBackendForWhatTheOptionsSay() {
        kit.engine()
                .subscribe(
                        spec(fast().group("g")
                                .ordering(Ordering.KEY)
                                .startAt(StartAt.LATEST)
                                .concurrency(300)
                                .build()),
                        event -> Outcome.ack());

        assertThat(kit.orders.requests).singleElement().satisfies(request -> {
            assertThat(request.group()).isEqualTo("g");
            assertThat(request.ordering()).isEqualTo(Ordering.KEY);
            assertThat(request.startAt()).isEqualTo(StartAt.LATEST);
            assertThat(request.maxInFlight()).isEqualTo(600);
            assertThat(request.ephemeral()).isFalse();
            assertThat(request.paused()).isFalse();
        });
        soon(() -> assertThat(kit.broker("orders.dead").groups).containsKey("g"));
    }

    @Test
    void sharesOneConsumerAmongTheHandlersOfAGroup() {
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class).types("a").build(), event -> Outcome.ack());
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class).types("b").build(), event -> Outcome.ack());

        assertThat(kit.orders.requests).hasSize(1);
        assertThat(kit.engine().subscriptions()).hasSize(2);
    }

    @Test
    void beginsPausedUntilItIsResumed() {
        Subscription subscription = waiting(fast().autoStart(false).build());
        go.countDown();
        kit.send("a");

        assertThat(subscription.state()).isEqualTo(Subscription.State.PAUSED);
        assertThat(kit.orders.requests.get(0).paused()).isTrue();
        assertThat(handled).isEmpty();
        subscription.resume();

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
    }

    @Test
    void holdsWhatItHasWhilePaused() {
        Subscription subscription = waiting(fast().build());
        kit.send("a").send("b");
        soon(() -> assertThat(handled).containsExactly("a"));

        subscription.pause();
        go.countDown();
        kit.send("c");

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a"));
        assertThat(subscription.drain(Duration.ofSeconds(10))).isTrue();
        assertThat(handled).containsExactly("a");
        assertThat(subscription.inFlight()).isEqualTo(1);
        subscription.resume();
        soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a", "b", "c"));
    }

    @Test
    void tellsWhetherHandlersStillRunAfterDraining() {
        Subscription subscription = waiting(fast().build());
        kit.send("a");
        soon(() -> assertThat(handled).hasSize(1));

        assertThat(subscription.drain(Duration.ofMillis(5))).isFalse();
        go.countDown();

        assertThat(subscription.drain(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void givesTheRestBackWhenClosedWithoutCountingIt() {
        Subscription subscription = waiting(fast().build());
        kit.send("a").send("b").send("c");
        soon(() -> assertThat(handled).containsExactly("a"));

        Thread closing = new Thread(subscription::close);
        closing.start();
        soon(() -> assertThat(subscription.state()).isEqualTo(Subscription.State.CLOSED));
        go.countDown();

        soon(() -> assertThat(closing.isAlive()).isFalse());
        assertThat(kit.orders.acknowledged()).containsExactly("a");
        assertThat(handled).containsExactly("a");
        assertThat(kit.orders.groups.get(ReceiveKit.GROUP).queue)
                .extracting(queued -> queued.message.attributes().get("id") + queued.attempts)
                .containsExactlyInAnyOrder("b0", "c0");
        assertThat(kit.engine().subscriptions()).isEmpty();
        waiting(fast().build());
        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("a", "b", "c"));
    }

    @Test
    void givesBackWhatRunsLongerThanTheDrainTimeout() {
        waiting(fast().drainTimeout(Duration.ofMillis(10)).build());
        kit.send("a");
        soon(() -> assertThat(handled).hasSize(1));

        kit.engine().close();

        assertThat(kit.orders.acknowledged()).isEmpty();
        assertThat(kit.orders.groups.get(ReceiveKit.GROUP).queue).hasSize(1);
    }

    @Test
    void endsWorkInTheBackgroundBeforeItsBackendsAreClosed() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicBoolean used = new AtomicBoolean();
        AtomicBoolean usedWhileClosing = new AtomicBoolean();
        kit.broker("orders.dead").declaring = () -> {
            used.set(true);
            asked.countDown();
            awaitInterrupt();
            used.set(false);
        };
        kit.broker("orders.dead").closing = () -> usedWhileClosing.set(used.get());
        waiting(fast().build());
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        kit.engine().close();

        assertThat(kit.broker("orders.dead").closed).isTrue();
        assertThat(usedWhileClosing).isFalse();
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void goesOnForOthersOfTheGroupWhenOneIsClosed() {
        Subscription one = kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class).types("a").build(), event -> Outcome.ack());
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class)
                                .types("order.placed")
                                .build(),
                        event -> {
                            handled.add(event.id());
                            return Outcome.ack();
                        });

        one.close();
        kit.send("x").send("y", null, Map.of("type", "a"));

        soon(() -> assertThat(kit.orders.acknowledged()).containsExactlyInAnyOrder("x", "y"));
        assertThat(handled).containsExactly("x");
    }

    @Test
    void showsWhatReceives() {
        waiting(fast().concurrency(2).build());
        kit.send("a").send("b").send("c");
        soon(() -> assertThat(handled).hasSize(2));

        SubscriptionView view = kit.engine().channels().get(0).subscriptions().get(0);

        assertThat(kit.orders.asked).as("questions to the backend").isZero();
        assertThat(view.group()).isEqualTo(ReceiveKit.GROUP);
        assertThat(view.state()).isEqualTo(Subscription.State.RUNNING);
        assertThat(view.inFlight()).isEqualTo(3);
        assertThat(view.lag()).hasValue(3);
        assertThat(view.deadLetter()).isEqualTo("orders.dead");
    }
}
