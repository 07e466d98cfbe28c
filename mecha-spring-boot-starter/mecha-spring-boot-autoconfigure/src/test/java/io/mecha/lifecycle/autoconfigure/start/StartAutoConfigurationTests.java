// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.lifecycle.Initializer;
import io.mecha.lifecycle.OnConfigurationChange;
import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.start.StartFailedException;
import io.mecha.lifecycle.start.StartGate;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.ExitCodeEvent;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;

class StartAutoConfigurationTests {

    @Configuration(proxyBeanMethods = false)
    @Import({
        ApplicationAvailabilityAutoConfiguration.class,
        MechaAutoConfiguration.class,
        StateAutoConfiguration.class,
        BindingAutoConfiguration.class,
        LifecycleAutoConfiguration.class,
        StartAutoConfiguration.class
    })
    static class Platform {}

    static class Shop {

        final List<String> seen = new CopyOnWriteArrayList<>();
        private final ApplicationAvailability availability;
        private final Bindings bindings;

        Shop(ApplicationAvailability availability, Bindings bindings) {
            this.availability = availability;
            this.bindings = bindings;
        }

        @Initializer(after = "${first}")
        void products() {
            seen.add("products");
        }

        @Initializer("schema")
        String create() {
            seen.add("schema " + availability.getLivenessState() + " " + availability.getReadinessState());
            bindings.sender("orders", String.class).send("one");
            return "created";
        }

        @Binding("orders")
        void receive(String order) {
            seen.add("order " + order);
        }
    }

    @Test
    void runsInitializersBeforeMessagesAndReadiness() {
        try (ConfigurableApplicationContext context = run(List.of(Shop.class), "--first=schema")) {
            Shop shop = context.getBean(Shop.class);
            await().atMost(Duration.ofSeconds(20)).until(() -> shop.seen.size() == 3);

            assertThat(shop.seen).containsExactly("schema CORRECT REFUSING_TRAFFIC", "products", "order one");
            assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
            assertThat(steps(context).values()).allMatch(details -> "done".equals(details.get("outcome")));
            assertThat(steps(context).keySet())
                    .containsExactly("bindings.orders", "bindings.orders.dead", "schema", "products");

            context.stop();
            context.start();
            assertThat(shop.seen).hasSize(3);
        }
    }

    static class Wrong {

        @Initializer("one")
        @SuppressWarnings("UnusedMethod") // found by reflection
        private void hidden() {}

        @Initializer(after = "three", timeout = "5", maxAttempts = "0")
        void two() {}

        @Initializer(after = {"two", "four"})
        void three() {}

        @Initializer("a b")
        void named(String text) {}

        @Initializer(once = Initializer.Once.CLUSTER)
        void cluster() {}

        @OnConfigurationChange
        String returns() {
            return "";
        }
    }

    @Test
    void tellsAllMistakesOfAllAnnotationsAtOnce() {
        assertThatThrownBy(() -> run(List.of(Wrong.class), "--mecha.lifecycle.start.initializers.none.enabled=false"))
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        invalid -> assertThat(invalid.mistakes())
                                .extracting(Mistake::code)
                                .containsExactlyInAnyOrder(
                                        "MECHA-L104",
                                        "MECHA-L202",
                                        "MECHA-L202",
                                        "MECHA-L203",
                                        "MECHA-L204",
                                        "MECHA-L204",
                                        "MECHA-L204",
                                        "MECHA-L204",
                                        "MECHA-L204",
                                        "MECHA-L206"));
    }

    @Test
    void tellsThePropertyOfALeaseThatIsTooShort() {
        assertThatThrownBy(() -> run(List.of(), "--mecha.lifecycle.start.lease=100ms"))
                .rootCause()
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        invalid -> assertThat(invalid.mistakes())
                                .extracting(Mistake::code, Mistake::property, Mistake::problem)
                                .containsExactly(tuple(
                                        "MECHA-L204", "mecha.lifecycle.start.lease", "PT0.1S is out of bounds.")));
    }

    static final class ToldException extends RuntimeException implements ExitCodeGenerator {

        private static final long serialVersionUID = 1L;

        @Override
        public int getExitCode() {
            return 42;
        }
    }

    static class Failing {

        static final List<String> SEEN = new CopyOnWriteArrayList<>();

        @Initializer
        void fails() {
            SEEN.add("fails");
            throw new ToldException();
        }

        @Binding("orders")
        void receive(String order) {
            SEEN.add("order");
        }
    }

    @Test
    void failsTheStartWithTheExitCodeOfTheCause() {
        Failing.SEEN.clear();
        List<Integer> codes = new CopyOnWriteArrayList<>();
        SpringApplication application = application(List.of(Failing.class));
        application.addListeners(event -> {
            if (event instanceof ExitCodeEvent exit) {
                codes.add(exit.getExitCode());
            }
        });

        assertThatThrownBy(() -> application.run(
                        "--mecha.lifecycle.start.initializers.fails.max-attempts=2",
                        "--mecha.lifecycle.start.retry.initial=1ms"))
                .hasRootCauseInstanceOf(ToldException.class)
                .satisfies(failure -> assertThat(failure.getCause()).isInstanceOf(StartFailedException.class));

        assertThat(Failing.SEEN).containsExactly("fails", "fails");
        assertThat(codes).containsExactly(42);
    }

    static class Later {

        final CountDownLatch there = new CountDownLatch(1);
        final List<String> seen = new CopyOnWriteArrayList<>();
        final List<ReadinessState> heard = new CopyOnWriteArrayList<>();

        @EventListener
        void hear(AvailabilityChangeEvent<ReadinessState> readiness) {
            heard.add(readiness.getState());
        }

        @Initializer(maxAttempts = "1", onFailure = Initializer.OnFailure.KEEP_TRYING)
        void later() {
            if (there.getCount() > 0) {
                throw new IllegalStateException("not yet");
            }
            seen.add("later");
        }

        @Binding("orders")
        void receive(String order) {
            seen.add("order " + order);
        }
    }

    @Test
    void isNotReadyAndReceivesNothingUntilWhatIsTriedAgainSucceeds() {
        try (ConfigurableApplicationContext context = run(List.of(Later.class))) {
            Later later = context.getBean(Later.class);
            context.getBean(Bindings.class).sender("orders", String.class).send("one");
            assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
            assertThat(context.getBean(ApplicationAvailability.class).getLivenessState())
                    .isEqualTo(LivenessState.CORRECT);
            assertThat(steps(context).get("later")).containsEntry("problem", "java.lang.IllegalStateException");
            assertThat(later.seen).isEmpty();
            assertThat(later.heard).last().isEqualTo(ReadinessState.REFUSING_TRAFFIC);

            later.there.countDown();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> readiness(context) == ReadinessState.ACCEPTING_TRAFFIC && later.seen.size() == 2);
            assertThat(later.seen).containsExactly("later", "order one");
            assertThat(later.heard).last().isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        }
    }

    @Test
    void becomesReadyThoughItWasStoppedWhenTheGateOpened() {
        try (ConfigurableApplicationContext context = run(List.of(Later.class))) {
            Later later = context.getBean(Later.class);
            context.stop();
            later.there.countDown();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> context.getBean(StartGate.class).isOpen());
            assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);

            context.start();

            assertThat(readiness(context)).isEqualTo(ReadinessState.ACCEPTING_TRAFFIC);
        }
    }

    @Test
    void triesNothingAgainAfterTheEnd() {
        List<Thread> trying;
        try (ConfigurableApplicationContext context = run(List.of(Later.class))) {
            assertThat(readiness(context)).isEqualTo(ReadinessState.REFUSING_TRAFFIC);
            trying = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("mecha-start"))
                    .toList();
            assertThat(trying).isNotEmpty();
        }

        await().atMost(Duration.ofSeconds(20)).until(() -> trying.stream().noneMatch(Thread::isAlive));
    }

    static class Skipped {

        final List<String> seen = new CopyOnWriteArrayList<>();

        @Initializer
        void skipped() {
            seen.add("skipped");
        }

        @Initializer(after = "skipped")
        void kept() {
            seen.add("kept");
        }
    }

    @Test
    void leavesOutWhatIsDisabled() {
        try (ConfigurableApplicationContext context =
                run(List.of(Skipped.class), "--mecha.lifecycle.start.initializers.skipped.enabled=false")) {
            assertThat(context.getBean(Skipped.class).seen).containsExactly("kept");
        }
    }

    @Test
    void refusesTimesThatAreNone() {
        assertThatThrownBy(() -> run(List.of(), "--mecha.lifecycle.start.timeout=0s"))
                .rootCause()
                .hasMessageContaining("mecha.lifecycle.start.timeout");
    }

    private static ReadinessState readiness(ConfigurableApplicationContext context) {
        return context.getBean(ApplicationAvailability.class).getReadinessState();
    }

    private static Map<String, Map<String, Object>> steps(ConfigurableApplicationContext context) {
        return context.getBean(StartComponents.class).components().stream()
                .collect(Collectors.toMap(
                        MechaComponent::name, MechaComponent::details, (one, other) -> one, LinkedHashMap::new));
    }

    private static ConfigurableApplicationContext run(List<Class<?>> beans, String... arguments) {
        return application(beans).run(arguments);
    }

    private static SpringApplication application(List<Class<?>> beans) {
        SpringApplication application = new SpringApplication(Platform.class);
        application.addPrimarySources(beans);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of(
                "spring.main.banner-mode",
                "off",
                "mecha.bindings.default-type",
                "memory",
                "spring.application.name",
                "shop"));
        return application;
    }
}
