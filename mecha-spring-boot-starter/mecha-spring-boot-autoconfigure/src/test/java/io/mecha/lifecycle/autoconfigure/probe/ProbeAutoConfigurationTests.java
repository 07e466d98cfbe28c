// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.health.ComponentHealthFactory;
import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.lifecycle.Initializer;
import io.mecha.lifecycle.Probe;
import io.mecha.lifecycle.ProbeResult;
import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.drain.DrainAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.start.StartAutoConfiguration;
import io.mecha.lifecycle.drain.DrainReport;
import io.mecha.lifecycle.drain.DrainSequence;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.autoconfigure.health.StateHealthAutoConfiguration;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class ProbeAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EndpointAutoConfiguration.class,
                    ApplicationAvailabilityAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class,
                    AvailabilityHealthContributorAutoConfiguration.class,
                    AvailabilityProbesAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    MechaAutoConfiguration.class,
                    MechaHealthAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    StateHealthAutoConfiguration.class,
                    LifecycleAutoConfiguration.class,
                    StartAutoConfiguration.class,
                    ProbeAutoConfiguration.class))
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=health", "mecha.state.stores.notes.type=memory");

    static class Checks {

        private volatile Object answer = true;
        private final AtomicInteger calls = new AtomicInteger();

        @Probe(value = Probe.Kind.LIVENESS, maxAge = "0s")
        boolean alive() {
            return (Boolean) answer;
        }

        @Probe(value = Probe.Kind.READINESS, maxAge = "1h")
        ProbeResult counted() {
            calls.incrementAndGet();
            return ProbeResult.down("cold").with("entries", "0");
        }

        @Probe(value = Probe.Kind.STARTUP, maxAge = "0s")
        void warm() {
            if (answer.equals(false)) {
                throw new IllegalStateException("password=hush");
            }
        }

        @Probe(value = Probe.Kind.STARTUP, name = "whole")
        Health whole() {
            return Health.up().withDetail("rows", 3).build();
        }
    }

    @Test
    void addsEachProbeToItsGroup() {
        runner.withBean(Checks.class).run((context) -> {
            traffic(context);
            assertThat(status(context, "liveness")).isEqualTo(Status.UP);
            assertThat(status(context, "readiness")).isEqualTo(Status.DOWN);
            assertThat(status(context, "startup")).isEqualTo(Status.UP);
            assertThat(detail(context, "readiness", "mechaReadiness", "counted").getDetails())
                    .containsEntry("problem", "cold")
                    .containsEntry("entries", "0");
            assertThat(detail(context, "startup", "mechaStartup", "whole").getDetails())
                    .containsEntry("rows", 3);

            context.getBean(Checks.class).answer = false;

            assertThat(status(context, "liveness")).isEqualTo(Status.DOWN);
            assertThat(status(context, "startup")).isEqualTo(Status.DOWN);
            assertThat(detail(context, "startup", "mechaStartup", "warm").getDetails())
                    .containsEntry("problem", "java.lang.IllegalStateException");
            assertThat(context.getBean(Checks.class).calls).hasValue(1);
        });
    }

    @Test
    void isNotReadyOnceTheDrainHasBegun() {
        runner.withConfiguration(AutoConfigurations.of(DrainAutoConfiguration.class))
                .run((context) -> {
                    traffic(context);
                    assertThat(status(context, "readiness")).isEqualTo(Status.UP);

                    DrainReport unused = context.getBean(DrainSequence.class).run(Duration.ZERO);

                    assertThat(status(context, "readiness")).isEqualTo(Status.OUT_OF_SERVICE);
                });
    }

    static class Twice {

        @Probe(Probe.Kind.LIVENESS)
        void one() {}

        @Probe(value = Probe.Kind.LIVENESS, name = "one")
        void other() {}

        @Probe(Probe.Kind.READINESS)
        String text() {
            return "";
        }

        @Probe(value = Probe.Kind.READINESS, timeout = "0s")
        void never() {}
    }

    @Test
    void tellsAllMistakes() {
        runner.withBean(Twice.class)
                .run((context) -> assertThat(context.getStartupFailure())
                        .isInstanceOfSatisfying(
                                InvalidConfigurationException.class,
                                (invalid) -> assertThat(invalid.mistakes())
                                        .hasSize(3)
                                        .extracting(Mistake::code)
                                        .containsOnly("MECHA-L301")));
    }

    @Test
    void letsAStoreDecideOnReadinessIfSaidSo() {
        runner.withPropertyValues("mecha.state.stores.notes.health.readiness=true")
                .run((context) -> {
                    traffic(context);
                    assertThat(status(context, "readiness")).isEqualTo(Status.UP);
                    assertThat(detail(context, "readiness", "mechaReadiness", "state.notes")
                                    .getDetails())
                            .containsEntry("type", "memory");
                });
    }

    @Test
    void neverLetsAStoreDecideOnLiveness() {
        for (String include : new String[] {"livenessState,mechaState", "livenessState,mechaState/notes", "*"}) {
            runner.withPropertyValues("management.endpoint.health.group.liveness.include=" + include)
                    .run((context) -> assertThat(context.getStartupFailure())
                            .isInstanceOf(InvalidConfigurationException.class)
                            .hasMessageContaining("MECHA-L302")
                            .hasMessageContaining("mechaState"));
        }
    }

    static class Later {

        private final CountDownLatch there = new CountDownLatch(1);

        @Initializer(maxAttempts = "1", onFailure = Initializer.OnFailure.KEEP_TRYING)
        void later() {
            if (there.getCount() > 0) {
                throw new IllegalStateException("not yet");
            }
        }
    }

    @Test
    void isNotReadyBeforeTheStartIsDone() {
        runner.withBean(Later.class).run((context) -> {
            traffic(context);
            assertThat(status(context, "startup")).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(status(context, "readiness")).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(status(context, "liveness")).isEqualTo(Status.UP);

            context.getBean(Later.class).there.countDown();

            await().atMost(Duration.ofSeconds(20)).until(() -> Status.UP.equals(status(context, "readiness")));
            assertThat(status(context, "startup")).isEqualTo(Status.UP);
        });
    }

    @Test
    void answersOnTheMainPortOnRequestAndOnAPlatform() {
        assertPaths(runner);
        assertPaths(
                runner.withPropertyValues("mecha.lifecycle.probes.additional-paths=true"),
                "/livez",
                "/readyz",
                "/startupz");
        assertPaths(
                runner.withPropertyValues("spring.main.cloud-platform=kubernetes"), "/livez", "/readyz", "/startupz");
        assertPaths(
                runner.withPropertyValues("management.endpoint.health.probes.add-additional-paths=true"),
                "/livez",
                "/readyz",
                "/startupz");
        assertPaths(runner.withPropertyValues(
                "spring.main.cloud-platform=kubernetes", "mecha.lifecycle.probes.additional-paths=false"));
    }

    private static void assertPaths(ApplicationContextRunner runner, String... paths) {
        runner.run((context) -> {
            HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
            assertThat(((AdditionalPathsMapper) groups)
                            .getAdditionalPaths(EndpointId.of("health"), WebServerNamespace.SERVER))
                    .containsExactlyInAnyOrder(paths);
            assertThat(groups.getAllWithAdditionalPath(WebServerNamespace.SERVER))
                    .hasSize(paths.length);
        });
    }

    @Test
    void changesNothingWhereProbesAreSwitchedOff() {
        runner.withPropertyValues("management.endpoint.health.probes.enabled=false")
                .run((context) -> assertThat(
                                context.getBean(HealthEndpointGroups.class).getNames())
                        .containsExactly("mecha"));
    }

    @Test
    void runsACheckOnceAtATime() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        runner.run((context) -> {
            HealthIndicator check = context.getBean(ComponentHealthFactory.class)
                    .indicator(
                            () -> {
                                calls.incrementAndGet();
                                begun.countDown();
                                end.await();
                                return Health.up().build();
                            },
                            Duration.ofSeconds(20),
                            Duration.ofHours(1));
            var executor = Executors.newFixedThreadPool(8);
            try {
                var answers = IntStream.range(0, 8)
                        .mapToObj((index) -> executor.submit(() -> check.health()))
                        .toList();
                begun.await();
                end.countDown();
                for (var answer : answers) {
                    assertThat(answer.get(20, TimeUnit.SECONDS).getStatus()).isEqualTo(Status.UP);
                }
                assertThat(calls).hasValue(1);
            } finally {
                executor.shutdownNow();
            }
        });
    }

    private static void traffic(ApplicationContext context) {
        AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
        AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
    }

    private static Status status(ApplicationContext context, String group) {
        return context.getBean(HealthEndpoint.class).healthForPath(group).getStatus();
    }

    private static IndicatedHealthDescriptor detail(ApplicationContext context, String... path) {
        return (IndicatedHealthDescriptor) context.getBean(HealthEndpoint.class).healthForPath(path);
    }
}
