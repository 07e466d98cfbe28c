// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.support.TestPropertySourceUtils;

class DrainDelayTests {

    private static final Duration BUDGET = Duration.ofSeconds(30);
    private static final Duration CONFIGURED = Duration.ofSeconds(7);

    private final GenericApplicationContext context = new GenericApplicationContext();
    private boolean servesHttp = true;

    private DrainDelay delay(@Nullable Duration configured) {
        return new DrainDelay(context, new DrainProperties(configured, BUDGET), () -> servesHttp);
    }

    private DrainDelay opened(@Nullable Duration configured) {
        DrainDelay delay = delay(configured);
        delay.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));
        delay.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.REFUSING_TRAFFIC));
        return delay;
    }

    private void set(String source, String key, String value) {
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource(source, Map.of(key, value)));
    }

    private void onKubernetes() {
        set("platform", "spring.main.cloud-platform", "kubernetes");
    }

    @Test
    void isFiveSecondsWhereHttpIsServedOnAPlatform() {
        assertThat(opened(null).get()).isZero();

        onKubernetes();

        assertThat(opened(null).get()).isEqualTo(Duration.ofSeconds(5));
        servesHttp = false;
        assertThat(opened(null).get()).isZero();
    }

    @Test
    void takesNoMoreThanHalfOfTheBudgetUnlessConfigured() {
        onKubernetes();
        DrainDelay delay = new DrainDelay(context, new DrainProperties(null, Duration.ofSeconds(4)), () -> servesHttp);
        delay.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));

        assertThat(delay.get()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void isNoneWhereThePlatformIsSaidToBeNone() {
        set("platform", "spring.main.cloud-platform", "none");

        assertThat(opened(null).get()).isZero();
    }

    @Test
    void isWhatIsConfiguredEverywhere() {
        servesHttp = false;

        assertThat(opened(CONFIGURED).get()).isEqualTo(CONFIGURED);
    }

    @Test
    void canBeSwitchedOffOnAPlatform() {
        onKubernetes();

        assertThat(opened(Duration.ZERO).get()).isZero();
    }

    @Test
    void isNoneAfterAStartThatFailed() {
        onKubernetes();

        assertThat(delay(CONFIGURED).get()).isZero();
    }

    @Test
    void isNoneWhereDeveloperToolsRestart() {
        context.setClassLoader(new RestartClassLoader());

        assertThat(opened(CONFIGURED).get()).isZero();
    }

    @Test
    void isNoneInTestsThatDoNotSetItThemselves() {
        String source = TestPropertySourceUtils.INLINED_PROPERTIES_PROPERTY_SOURCE_NAME;
        set(source, "org.springframework.boot.test.context.SpringBootTestContextBootstrapper", "true");
        assertThat(opened(CONFIGURED).get()).isZero();

        set(source, "mecha.lifecycle.drainDelay", "7s");

        assertThat(opened(CONFIGURED).get()).isEqualTo(CONFIGURED);
    }

    @Test
    void refusesTimesThatLeaveNoneToWorkIn() {
        assertThatThrownBy(() -> new DrainProperties(null, Duration.ZERO).check())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("MECHA-L401")
                .hasMessageContaining("Set mecha.lifecycle.shutdown-budget to at least 1s.");
        assertThatThrownBy(() -> new DrainProperties(Duration.ofSeconds(-1), BUDGET).check())
                .hasMessageContaining("Set mecha.lifecycle.drain-delay to 0s for no delay.");
        assertThatThrownBy(() -> new DrainProperties(BUDGET, BUDGET).check())
                .hasMessageContaining("PT30S leaves less than 1s of mecha.lifecycle.shutdown-budget");
        assertThat(new DrainProperties(Duration.ofSeconds(29), BUDGET).check().drainDelay())
                .isEqualTo(Duration.ofSeconds(29));
    }

    /** Named as that of the developer tools. */
    private static final class RestartClassLoader extends ClassLoader {}
}
