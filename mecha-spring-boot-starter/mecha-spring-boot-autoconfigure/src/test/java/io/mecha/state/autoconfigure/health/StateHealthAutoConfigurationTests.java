// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.health.ComponentHealth;
import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.autoconfigure.FakeBackendFactory;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class StateHealthAutoConfigurationTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EndpointAutoConfiguration.class,
                    ApplicationAvailabilityAutoConfiguration.class,
                    HealthContributorRegistryAutoConfiguration.class,
                    HealthContributorAutoConfiguration.class,
                    AvailabilityHealthContributorAutoConfiguration.class,
                    AvailabilityProbesAutoConfiguration.class,
                    HealthEndpointAutoConfiguration.class,
                    MechaAutoConfiguration.class,
                    MechaHealthAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    StateHealthAutoConfiguration.class))
            .withPropertyValues(
                    "management.endpoints.web.exposure.include=health",
                    "management.endpoint.health.probes.enabled=true",
                    "management.health.livenessstate.enabled=true",
                    "management.health.readinessstate.enabled=true",
                    "mecha.state.stores.notes.type=memory");

    @Test
    void asksEachStore() {
        runner.run((context) -> {
            IndicatedHealthDescriptor notes = health(context.getBean(HealthEndpoint.class), "mechaState", "notes");

            assertThat(notes.getStatus()).isEqualTo(Status.UP);
            assertThat(notes.getDetails()).containsEntry("type", "memory");
        });
    }

    @Test
    void startsWithoutTheServerAndSaysSo() {
        withPing(() -> {
                    throw StateUnavailableException.nothingHappened("carts", "fake", null);
                })
                .run((context) -> {
                    HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
                    IndicatedHealthDescriptor carts = health(endpoint, "mechaState", "carts");

                    assertThat(carts.getStatus()).isEqualTo(Status.DOWN);
                    assertThat(carts.getDetails())
                            .containsEntry("type", "fake")
                            .containsEntry("code", "MECHA-S301")
                            .containsEntry(
                                    "problem",
                                    "The fake backend of state store 'carts' cannot be reached; nothing was written.");
                    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
                    AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
                    assertThat(endpoint.healthForPath("readiness").getStatus()).isEqualTo(Status.UP);
                    assertThat(endpoint.healthForPath("liveness").getStatus()).isEqualTo(Status.UP);
                });
    }

    @Test
    void doesNotRepeatMessagesOfClientLibraries() {
        withPing(() -> {
                    throw new UncheckedIOException("jdbc:x?password=hush", new IOException("hush"));
                })
                .run((context) -> assertThat(health(context.getBean(HealthEndpoint.class), "mechaState", "carts")
                                .getDetails()
                                .toString())
                        .contains("java.io.UncheckedIOException")
                        .doesNotContain("hush"));
    }

    @Test
    void doesNotWaitForAStoreThatHangs() {
        CountDownLatch answer = new CountDownLatch(1);
        withPing(() -> await(answer))
                .withPropertyValues("mecha.health.timeout=50ms")
                .run((context) -> {
                    HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);

                    assertThat(health(endpoint, "mechaState", "carts").getDetails())
                            .containsEntry("problem", "No answer within PT0.05S.");
                    assertThat(health(endpoint, "mechaState", "notes").getStatus())
                            .isEqualTo(Status.UP);

                    answer.countDown();
                });
    }

    @Test
    void leavesOutAStoreIfSaidSo() {
        withPing(() -> {
                    throw new IllegalStateException("not asked");
                })
                .withPropertyValues("mecha.state.stores.carts.health.enabled=false")
                .run((context) -> {
                    HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);

                    assertThat(endpoint.healthForPath("mechaState", "carts")).isNull();
                    assertThat(endpoint.healthForPath("mechaState").getStatus()).isEqualTo(Status.UP);
                });
    }

    @Test
    void offersAGroupOfItsOwn() {
        runner.withBean(
                        "otherHealthIndicator",
                        HealthIndicator.class,
                        () -> () -> Health.down().build())
                .run((context) -> {
                    HealthDescriptor group =
                            context.getBean(HealthEndpoint.class).healthForPath("mecha");

                    assertThat(group.getStatus()).isEqualTo(Status.UP);
                    assertThat(context.getBean(HealthEndpointGroups.class).getNames())
                            .isEqualTo(Set.of("liveness", "readiness", "mecha"));
                    assertThat(((CompositeHealthDescriptor) group).getComponents())
                            .containsOnlyKeys("mechaState", "mechaBackground");
                });
    }

    @Test
    void leavesAGroupOfTheApplicationAlone() {
        runner.withPropertyValues("management.endpoint.health.group.mecha.include=livenessState")
                .run((context) -> {
                    HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);

                    assertThat(groups.get("mecha").isMember("livenessState")).isTrue();
                    assertThat(groups.get("mecha").isMember("mechaState")).isFalse();
                });
    }

    @Test
    void joinsReadinessIfSaidSo() {
        withPing(() -> {
                    throw StateUnavailableException.nothingHappened("carts", "fake", null);
                })
                .withPropertyValues("management.endpoint.health.group.readiness.include=readinessState,mechaState")
                .run((context) -> assertThat(context.getBean(HealthEndpoint.class)
                                .healthForPath("readiness")
                                .getStatus())
                        .isEqualTo(Status.DOWN));
    }

    @Test
    void doesNothingWhenSwitchedOff() {
        runner.withPropertyValues("management.health.mecha.enabled=false").run((context) -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(ComponentHealth.class);
            assertThat(context.getBean(HealthEndpointGroups.class).getNames()).doesNotContain("mecha");
        });
    }

    @Test
    void backsOffWithoutHealth() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MechaAutoConfiguration.class,
                        MechaHealthAutoConfiguration.class,
                        StateAutoConfiguration.class,
                        StateHealthAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("mechaStateHealthContributor"));
    }

    private ApplicationContextRunner withPing(Runnable ping) {
        return runner.withBean("fake", FakeBackendFactory.class, () -> new FakeBackendFactory("fake", ping))
                .withPropertyValues("mecha.state.stores.carts.type=fake");
    }

    private static IndicatedHealthDescriptor health(HealthEndpoint endpoint, String... path) {
        return (IndicatedHealthDescriptor) endpoint.healthForPath(path);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
