// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Outcome;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.binding.autoconfigure.FakeBindings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class BindingEndpointAutoConfigurationTests {

    private final FakeBindings bindings = new FakeBindings();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EndpointAutoConfiguration.class,
                    MechaAutoConfiguration.class,
                    BindingAutoConfiguration.class,
                    BindingEndpointAutoConfiguration.class))
            .withBean(FakeBindings.class, () -> bindings)
            .withPropertyValues("management.endpoints.web.exposure.include=*");
    private final ApplicationContextRunner enabled =
            runner.withPropertyValues("management.endpoint.mechabindings.access=UNRESTRICTED");

    @Test
    void isOffUntilEnabled() {
        runner.run((context) -> assertThat(context).doesNotHaveBean(BindingsEndpoint.class));
        enabled.run((context) -> assertThat(context).hasSingleBean(BindingsEndpoint.class));
    }

    @Test
    void pausesAndResumes() {
        Subscription billing = subscribe("orders", "billing");
        Subscription audit = subscribe("orders", "audit");
        enabled.run((context) -> {
            BindingsEndpoint endpoint = context.getBean(BindingsEndpoint.class);

            Map<String, Object> paused = change(endpoint, "pause", "billing", null, null);
            assertThat(billing.state()).isEqualTo(Subscription.State.PAUSED);
            assertThat(audit.state()).isEqualTo(Subscription.State.RUNNING);
            assertThat(paused)
                    .containsExactly(Map.entry(
                            "receivers",
                            List.of(
                                    new BindingsEndpoint.Receiver("orders", "billing", "paused", 0),
                                    new BindingsEndpoint.Receiver("orders", "audit", "running", 0))));

            endpoint.change("orders", "resume", null, null, null, null);
            assertThat(billing.state()).isEqualTo(Subscription.State.RUNNING);
        });
    }

    @Test
    void drainsAndSaysWhetherHandlersStillRun() {
        Subscription billing = subscribe("orders", "billing");
        Subscription audit = subscribe("orders", "audit");
        enabled.run((context) -> {
            BindingsEndpoint endpoint = context.getBean(BindingsEndpoint.class);

            assertThat(change(endpoint, "drain", null, null, null)).containsEntry("drained", true);
            assertThat(billing.state()).isEqualTo(Subscription.State.PAUSED);
            assertThat(audit.state()).isEqualTo(Subscription.State.PAUSED);
            assertThat(change(endpoint, "drain", null, null, Duration.ZERO)).containsEntry("drained", false);
        });
    }

    @Test
    void redrives() {
        subscribe("orders", "billing");
        enabled.run((context) -> {
            Map<String, Object> result = change(context.getBean(BindingsEndpoint.class), "redrive", null, 7, null);

            assertThat(result).containsEntry("redriven", 3);
            assertThat(bindings.redriven()).isEqualTo("orders billing 7");
            assertThat(result).containsEntry("unverified", 2);
            assertThat(result.get("advice")).asString().contains("mecha.bindings.signing-key", "\"unsigned\": true");
        });
    }

    @Test
    void redrivesWhatIsUnsignedIfAskedTo() {
        subscribe("orders", "billing");
        enabled.run((context) -> {
            Map<String, Object> result = context.getBean(BindingsEndpoint.class)
                    .change("orders", "redrive", null, null, null, true)
                    .getBody();

            assertThat(result).containsEntry("redriven", 3).doesNotContainKeys("unverified", "advice");
        });
    }

    @Test
    void refusesWhatMakesNoSense() {
        subscribe("orders", "billing");
        subscribe("orders", "audit");
        enabled.run((context) -> {
            BindingsEndpoint endpoint = context.getBean(BindingsEndpoint.class);

            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.change("orders", "redrive", null, null, null, null))
                    .withMessage("Say for which group: one of billing, audit.");
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.change("orders", "delete", null, null, null, null))
                    .withMessage("There is no operation 'delete': use pause, drain, resume or redrive.");
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.change("orders", "pause", "nobody", null, null, null))
                    .withMessage(
                            "Nothing on this node receives from channel 'orders' as group 'nobody', only billing, audit.");
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(() -> endpoint.change("orders", "redrive", "nobody", null, null, null))
                    .withMessage(
                            "Nothing on this node receives from channel 'orders' as group 'nobody', only billing, audit.");
        });
    }

    @Test
    void doesNotFindAnUnknownChannel() {
        subscribe("orders", "billing");
        enabled.run((context) -> {
            BindingsEndpoint endpoint = context.getBean(BindingsEndpoint.class);

            assertThat(endpoint.receivers("nothing")).satisfies(BindingEndpointAutoConfigurationTests::saysWhatThereIs);
            assertThat(endpoint.change("nothing", "pause", null, null, null, null))
                    .satisfies(BindingEndpointAutoConfigurationTests::saysWhatThereIs);
            assertThat(endpoint.receivers("orders").getBody())
                    .isEqualTo(new BindingsEndpoint.Receivers(
                            List.of(new BindingsEndpoint.Receiver("orders", "billing", "running", 0))));
        });
    }

    @Test
    void backsOffWithoutActuator() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(MechaAutoConfiguration.class, BindingEndpointAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BindingsEndpoint.class));
    }

    @Test
    void backsOffWithoutBindings() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        EndpointAutoConfiguration.class,
                        MechaAutoConfiguration.class,
                        BindingAutoConfiguration.class,
                        BindingEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "mecha.bindings.enabled=false",
                        "management.endpoints.web.exposure.include=*",
                        "management.endpoint.mechabindings.access=UNRESTRICTED")
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(BindingsEndpoint.class));
    }

    private static void saysWhatThereIs(WebEndpointResponse<?> response) {
        assertThat(response.getStatus()).isEqualTo(404);
        assertThat(response.getBody()).isEqualTo(Map.of("error", "There is no channel 'nothing'; there are orders."));
    }

    private static Map<String, Object> change(
            BindingsEndpoint endpoint, String operation, String group, Integer limit, Duration timeout) {
        return endpoint.change("orders", operation, group, limit, timeout, null).getBody();
    }

    private Subscription subscribe(String channel, String group) {
        return bindings.subscribe(
                SubscriptionSpec.of(channel, String.class)
                        .options(SubscriptionOptions.builder().group(group).build())
                        .build(),
                (event) -> Outcome.ack());
    }
}
