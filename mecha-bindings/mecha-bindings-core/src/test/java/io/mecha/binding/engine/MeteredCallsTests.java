// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Outcome;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class MeteredCallsTests {

    private static SubscriptionSpec<String> spec(SubscriptionOptions.Builder options) {
        return SubscriptionSpec.of("orders", String.class)
                .options(options.build())
                .build();
    }

    private static Outcome decide(String id) {
        return switch (id) {
            case "drop" -> Outcome.drop();
            case "dead" -> Outcome.deadLetter("broken");
            case "retry" -> Outcome.retry();
            case "fail" -> throw new IllegalStateException("refused");
            default -> Outcome.ack();
        };
    }

    private static void oneByOne(ReceiveKit kit) {
        kit.engine().subscribe(spec(fast()), event -> decide(event.id()));
    }

    private static void later(ReceiveKit kit) {
        kit.engine().subscribeAsync(spec(fast()), event -> CompletableFuture.supplyAsync(() -> decide(event.id())));
    }

    /** Handles six messages, sends one, and returns how often each meter counted and how much each still counts as active. */
    private static Map<String, Double> all(
            BiConsumer<ReceiveKit, MeterRegistry> measuring, Consumer<ReceiveKit> subscribing) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (ReceiveKit kit = new ReceiveKit()) {
            measuring.accept(kit, registry);
            subscribing.accept(kit);
            kit.send("ack").send("drop").send("dead").send("retry").send("fail").send("again");
            soon(() -> assertThat(kit.orders.acknowledged()).hasSize(6));
            kit.engine().sender("shipments", String.class).send("x");
        }
        Map<String, Double> counts = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            for (Measurement measurement : meter.measure()) {
                Statistic statistic = measurement.getStatistic();
                if (statistic == Statistic.COUNT || statistic == Statistic.ACTIVE_TASKS) {
                    counts.put(meter.getId().getName() + meter.getId().getTags(), measurement.getValue());
                }
            }
        }
        return counts;
    }

    private static void measure(ReceiveKit kit, MeterRegistry registry) {
        kit.meters = registry;
    }

    private static void observe(ReceiveKit kit, MeterRegistry registry) {
        kit.observations = ObservationRegistry.create();
        kit.observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
    }

    private static void sameAs(Map<String, Double> observed, Map<String, Double> measured) {
        assertThat(measured).isEqualTo(observed);
        assertThat(measured.keySet().stream().filter(meter -> meter.contains("mecha.binding.send")))
                .isNotEmpty();
        assertThat(measured)
                .hasSizeGreaterThan(6)
                .allSatisfy((meter, count) -> assertThat(count).isEqualTo(meter.contains(".active") ? 0 : count));
    }

    @Test
    void areThoseOfObservations() {
        sameAs(
                all(MeteredCallsTests::observe, MeteredCallsTests::oneByOne),
                all(MeteredCallsTests::measure, MeteredCallsTests::oneByOne));
    }

    @Test
    void areThoseOfObservationsWhereHandlersFinishLater() {
        sameAs(
                all(MeteredCallsTests::observe, MeteredCallsTests::later),
                all(MeteredCallsTests::measure, MeteredCallsTests::later));
    }

    @Test
    void countABatchOnce() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (ReceiveKit kit = new ReceiveKit()) {
            kit.meters = registry;
            kit.engine().subscribeBatch(spec(fast().batchSize(2)), batch -> {});
            kit.send("a");
            soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));
        }

        assertThat(registry.get("mecha.binding.receive")
                        .tags(
                                "channel", "orders", "type", "fake", "group", "billing", "outcome", "ack", "error",
                                "none")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("mecha.binding.receive.active").longTaskTimer().activeTasks())
                .isZero();
    }

    @Test
    void haveNoSayInWhatBecomesOfAnEvent() {
        for (Broken registry : new Broken[] {new Broken(true), new Broken(false)}) {
            Queue<String> handled = new ConcurrentLinkedQueue<>();
            try (ReceiveKit kit = new ReceiveKit()) {
                kit.meters = registry;
                kit.engine().subscribe(spec(fast().concurrency(1)), event -> {
                    handled.add(event.id());
                    return Outcome.ack();
                });
                kit.send("a").send("b");
                soon(() -> assertThat(kit.orders.acknowledged()).containsExactly("a", "b"));
                Sender<String> sender = kit.engine().sender("shipments", String.class);
                assertThat(sender.send("x").id()).isNotEmpty();
            }

            assertThat(handled).containsExactly("a", "b");
            assertThat(active(registry)).isZero();
        }
    }

    private static int active(MeterRegistry registry) {
        return registry.getMeters().stream()
                .filter(LongTaskTimer.class::isInstance)
                .mapToInt(meter -> ((LongTaskTimer) meter).activeTasks())
                .sum();
    }

    /** A registry that cannot make a meter, at the begin of a call or at its end. */
    private static final class Broken extends SimpleMeterRegistry {

        private final boolean begin;

        Broken(boolean begin) {
            this.begin = begin;
        }

        @Override
        protected LongTaskTimer newLongTaskTimer(Meter.Id id, DistributionStatisticConfig distribution) {
            if (begin) {
                throw new IllegalStateException("full");
            }
            return super.newLongTaskTimer(id, distribution);
        }

        @Override
        protected Timer newTimer(Meter.Id id, DistributionStatisticConfig distribution, PauseDetector pauses) {
            throw new IllegalStateException("full");
        }
    }
}
