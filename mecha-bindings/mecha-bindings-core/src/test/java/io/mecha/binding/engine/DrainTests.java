// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Outcome;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.receive.Unfinished;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ReceiveKit kit = new ReceiveKit();
    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        kit.close();
    }

    /** Subscribes a group whose handlers wait until they may go on. */
    private Subscription stuck(String group, Duration drainTimeout) {
        return kit.engine()
                .subscribe(
                        SubscriptionSpec.of("orders", String.class)
                                .options(fast().group(group)
                                        .drainTimeout(drainTimeout)
                                        .build())
                                .build(),
                        event -> {
                            begun.add(group);
                            go.await();
                            return Outcome.ack();
                        });
    }

    private static Duration timed(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Test
    void keepsOneBudgetForAllGroupsAndReportsWhatStillRuns() {
        List.of("a", "b", "c", "d", "e").forEach(group -> stuck(group, PATIENCE));
        kit.send("1");
        soon(() -> assertThat(begun).hasSize(5));
        List<Unfinished> left = new CopyOnWriteArrayList<>();

        Duration spent = timed(() -> left.addAll(kit.engine().drain(Duration.ofSeconds(1))));

        assertThat(spent).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        assertThat(left).extracting(Unfinished::group).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
        assertThat(left).allSatisfy(unfinished -> {
            assertThat(unfinished.channel()).isEqualTo("orders");
            assertThat(unfinished.handlers()).isEqualTo(1);
            assertThat(unfinished.waited()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        });
    }

    @Test
    void waitsForAGroupNoLongerThanItsOwnTimeout() {
        stuck("short", Duration.ofMillis(20));
        kit.send("1");
        soon(() -> assertThat(begun).hasSize(1));
        List<Unfinished> left = new CopyOnWriteArrayList<>();

        Duration spent = timed(() -> left.addAll(kit.engine().drain(PATIENCE)));

        assertThat(spent).isLessThan(PATIENCE);
        assertThat(left).hasSize(1);
    }

    @Test
    void returnsAsSoonAsNothingRuns() {
        stuck("a", PATIENCE);
        kit.send("1");
        soon(() -> assertThat(begun).hasSize(1));
        go.countDown();

        assertThat(kit.engine().drain(PATIENCE)).isEmpty();
    }

    @Test
    void closesAllGroupsWithinTheLongestTimeoutOfOne() {
        List.of("a", "b", "c", "d", "e").forEach(group -> stuck(group, Duration.ofSeconds(1)));
        kit.send("1");
        soon(() -> assertThat(begun).hasSize(5));

        assertThat(timed(kit.engine()::close)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void doesNotWaitAgainWhenItIsClosedAfterwards() {
        stuck("a", PATIENCE);
        kit.send("1");
        soon(() -> assertThat(begun).hasSize(1));

        assertThat(kit.engine().drain(Duration.ofMillis(5))).hasSize(1);

        assertThat(timed(kit.engine()::close)).isLessThan(PATIENCE);
    }

    @Test
    void goesOnWhenItIsStartedAgainAndLeavesAloneWhatWasPausedBefore() {
        go.countDown();
        Subscription running = stuck("running", PATIENCE);
        Subscription paused = stuck("paused", PATIENCE);
        paused.pause();

        kit.engine().drain(PATIENCE);
        assertThat(running.state()).isEqualTo(Subscription.State.PAUSED);
        kit.engine().start();

        assertThat(running.state()).isEqualTo(Subscription.State.RUNNING);
        assertThat(paused.state()).isEqualTo(Subscription.State.PAUSED);
        kit.send("1");
        soon(() -> assertThat(begun).containsExactly("running"));
    }
}
