// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import io.mecha.binding.Bindings;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What fails for each event is told once. */
@ExtendWith(OutputCaptureExtension.class)
class RepeatedWarningsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withPropertyValues("spring.application.name=shop", "mecha.state.default-type=memory");

    private static void assertWarnedOnce(CapturedOutput output, String text) {
        assertThat(output.getAll().split("WARN [^\\n]*" + text, -1)).hasSize(2);
    }

    @Test
    void tellsOnceOfObservationsThatFail(CapturedOutput output) {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new Broken());
        runner.withBean(ObservationRegistry.class, () -> observations)
                .withBean(Later.class)
                .run((context) -> {
                    for (String data : new String[] {"a", "b", "c"}) {
                        context.getBean(Bindings.class)
                                .sender("orders", String.class)
                                .send(data);
                        assertThat(context.getBean(Later.class).received.poll(60, SECONDS))
                                .isEqualTo(data);
                    }
                });

        assertWarnedOnce(output, "Observations of events of channel 'orders' failed, 1 times");
    }

    @Test
    void tellsOnceOfObservationsThatFailAndHandlesEachEventOnce(CapturedOutput output) {
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new Broken());
        runner.withBean(ObservationRegistry.class, () -> observations)
                .withBean(Now.class)
                .run((context) -> {
                    Now now = context.getBean(Now.class);
                    for (String data : new String[] {"a", "b", "c"}) {
                        context.getBean(Bindings.class)
                                .sender("orders", String.class)
                                .send(data);
                        assertThat(now.received.poll(60, SECONDS)).isEqualTo(data);
                    }
                    assertThat(now.received).isEmpty();
                });

        assertWarnedOnce(output, "Observations of events of channel 'orders' failed, 1 times");
    }

    @Test
    void tellsOnceOfAFallbackThatFails(CapturedOutput output) {
        runner.withBean(Failing.class)
                .withPropertyValues("mecha.bindings.channels.orders.in.retry.max-attempts=1")
                .run((context) -> {
                    for (String data : new String[] {"a", "b", "c"}) {
                        context.getBean(Bindings.class)
                                .sender("orders", String.class)
                                .send(data);
                        assertThat(context.getBean(Failing.class).dead.poll(60, SECONDS))
                                .isEqualTo(data);
                    }
                });

        assertWarnedOnce(output, "The fallback of channel 'orders' failed for group 'shop', 1 times");
    }

    /** An observer of what is received that fails at the end. */
    private static final class Broken implements ObservationHandler<Observation.Context> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof ReceiverContext<?>;
        }

        @Override
        public void onStop(Observation.Context context) {
            throw new IllegalStateException("no backend");
        }
    }

    static class Later {

        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Binding("orders")
        CompletableFuture<Void> on(String data) {
            received.add(data);
            return CompletableFuture.completedFuture(null);
        }
    }

    static class Now {

        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Binding("orders")
        void on(String data) {
            received.add(data);
        }
    }

    static class Failing {

        final BlockingQueue<String> dead = new LinkedBlockingQueue<>();

        @Binding("orders")
        void on(String data) {
            throw new IllegalStateException("refused");
        }

        @BindingFallback("orders")
        void instead(String data) {
            throw new IllegalStateException("of no use");
        }

        @Binding("orders.dead")
        void dead(String data) {
            dead.add(data);
        }
    }
}
