// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Event;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Names of stores and channels that stand in settings of others, or in code, and are probably misspelt. */
@ExtendWith(OutputCaptureExtension.class)
class MisspeltNamesTests {

    private static final String CHANNELS = "mecha.bindings.channels.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withPropertyValues(
                    "spring.application.name=shop",
                    "mecha.state.default-type=memory",
                    "mecha.state.stores.inbox.type=memory",
                    CHANNELS + "orders.type=memory",
                    CHANNELS + "invoices.type=memory",
                    CHANNELS + "tick.type=timer",
                    CHANNELS + "tick.timer.fixed-rate=1h",
                    CHANNELS + "tick.timer.initial-delay=1h",
                    CHANNELS + "[orders.dead].type=memory");

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHANNELS + "orders.in.inbox.store=inbx",
                CHANNELS + "orders.out.delay-store=inbx",
                CHANNELS + "tick.timer.store=inbx"
            })
    void warnsOfAStoreInTheSettingsOfAChannel(String setting, CapturedOutput output) {
        runner.withPropertyValues(setting)
                .withBean(Work.class)
                .run(
                        (context) -> assertThat(output)
                                .containsOnlyOnce(
                                        "The application uses state store 'inbx', which is not configured, while 'inbox' is. Write the"
                                                + " same name in both places if that is meant, or else set mecha.state.stores.inbx.type"));
    }

    @Test
    void warnsOfADeadLetterAndOfWhereResultsGo(CapturedOutput output) {
        runner.withPropertyValues(CHANNELS + "orders.in.dead-letter=order.dead")
                .withBean(Pipe.class)
                .run((context) -> assertThat(output)
                        .containsOnlyOnce("uses channel 'order.dead', which is not configured, while 'orders.dead' is")
                        .containsOnlyOnce("uses channel 'invocies', which is not configured, while 'invoices' is"));
    }

    @Test
    void takesNamesThatAreLikeNoOtherOrFollowFromOthers(CapturedOutput output) {
        runner.withPropertyValues(
                        CHANNELS + "queue1.in.inbox.store=handled",
                        CHANNELS + "[invoice.dead].type=memory",
                        CHANNELS + "queue1.in.dead-letter=queue2")
                .withBean(Work.class)
                .withBean(Invoices.class)
                .run((context) -> assertThat(output).doesNotContain("which is not configured"));
    }

    /** Receives. */
    static class Work {

        @Binding("orders")
        void handle(String order) {}

        @Binding("tick")
        void run(Event<?> tick) {}
    }

    /** Sends on to a name that nobody else knows. */
    static class Pipe {

        @Binding(value = "orders", sendTo = "invocies")
        String handle(String order) {
            return order;
        }
    }

    /** Has a dead letter that is named after it. */
    static class Invoices {

        @Binding("invoices")
        void handle(String invoice) {}

        @Binding("queue1")
        void take(String text) {}
    }
}
