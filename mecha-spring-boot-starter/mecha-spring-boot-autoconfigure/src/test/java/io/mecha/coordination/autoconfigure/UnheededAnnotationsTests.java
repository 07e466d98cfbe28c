// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.coordination.ClusterSingleton;
import io.mecha.coordination.Idempotent;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.LeaderOnly;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.Locked;
import io.mecha.coordination.StepDownReason;
import io.mecha.coordination.autoconfigure.idempotency.IdempotencyAutoConfiguration;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tests for {@link UnheededAnnotations}. */
@ExtendWith(OutputCaptureExtension.class)
class UnheededAnnotationsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    CoordinationAutoConfiguration.class,
                    IdempotencyAutoConfiguration.class,
                    UnheededAutoConfiguration.class))
            .withPropertyValues("mecha.state.default-type=memory")
            .withBean("shipping", Shipping.class)
            .withBean("reports", Reports.class)
            .withBean("feed", Feed.class);

    @Test
    void namesThePropertyAndTheBeans(CapturedOutput output) {
        runner.withPropertyValues("mecha.coordination.enabled=false")
                .run((context) -> assertThat(output)
                        .containsOnlyOnce(
                                "mecha.coordination.enabled is false, so that @Locked methods run without a lock"
                                        + " (shipping); @LeaderOnly methods run on every node (reports); @ClusterSingleton beans"
                                        + " never start (feed)")
                        .doesNotContain("@Idempotent"));
    }

    @Test
    void tellsOfIdempotency(CapturedOutput output) {
        runner.withPropertyValues("mecha.coordination.idempotency.enabled=false")
                .run((context) -> assertThat(output)
                        .containsOnlyOnce(
                                "mecha.coordination.idempotency.enabled is false, so that @Idempotent methods run"
                                        + " on each call (shipping)")
                        .doesNotContain("@Locked"));
    }

    @Test
    void namesTheSwitchOfState(CapturedOutput output) {
        runner.withPropertyValues("mecha.state.enabled=false")
                .run((context) -> assertThat(output)
                        .contains("mecha.state.enabled is false, so that @Locked", "is false, so that @Idempotent"));
    }

    @Test
    void saysNothingWhereAllIsOn(CapturedOutput output) {
        runner.run((context) -> {
            assertThat(context).hasNotFailed().doesNotHaveBean(UnheededAnnotations.class);
            assertThat(output).doesNotContain("so that @");
        });
    }

    /** Methods under a lock, and once for each key. */
    static class Shipping {

        @Locked("order-#{id}")
        public void ship(String id) {}

        @Idempotent(key = "#id")
        public String label(String id) {
            return id;
        }
    }

    /** A method of a leader. */
    static class Reports {

        @LeaderOnly("reports")
        public void report() {}
    }

    /** A bean of a leader. */
    @ClusterSingleton("feed")
    static class Feed implements LeaderListener {

        @Override
        public void onElected(Leadership leadership) {}

        @Override
        public void onStepDown(Leadership leadership, StepDownReason reason) {}
    }
}
