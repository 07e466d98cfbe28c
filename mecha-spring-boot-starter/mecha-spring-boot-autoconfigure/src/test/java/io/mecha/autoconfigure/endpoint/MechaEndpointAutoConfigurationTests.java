// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Bindings;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.FakeBackendFactory;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.context.properties.ConfigurationPropertiesReportEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

class MechaEndpointAutoConfigurationTests {

    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    EndpointAutoConfiguration.class,
                    MechaAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    MechaEndpointAutoConfiguration.class))
            .withBean("shared", FakeBackendFactory.class, () -> new FakeBackendFactory("shared"))
            .withPropertyValues(
                    "spring.application.name=shop",
                    "management.endpoints.web.exposure.include=mecha",
                    "mecha.state.default-type=memory",
                    "mecha.state.stores.carts.type=shared",
                    "mecha.state.stores.carts.near-cache.maximum-size=1",
                    "mecha.state.stores.carts.encryption.key=" + KEY);

    @Test
    void showsComponentsWithCapabilitiesAndOrigin() {
        runner.run((context) -> {
            MechaEndpoint.Component carts = context.getBean(MechaEndpoint.class).component("state", "carts");

            assertThat(carts).isNotNull();
            assertThat(carts.type()).isEqualTo("shared");
            assertThat(carts.capabilities())
                    .containsEntry("KeyScan", Map.of("ordered", true))
                    .containsKeys("Transactions", "ChangeNotifications");
            assertThat(carts.details())
                    .containsEntry("keyPrefix", "shop||carts||")
                    .containsEntry("nearCache", true);
            assertThat(carts.configuredBy().property()).isEqualTo("mecha.state.stores.carts");
            assertThat(carts.configuredBy().origin()).contains("property source \"test\"");
        });
    }

    @Test
    void reportsPropertiesWithoutSecrets() {
        runner.withConfiguration(AutoConfigurations.of(
                        BindingAutoConfiguration.class, ConfigurationPropertiesReportEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=configprops",
                        "management.endpoint.configprops.show-values=always",
                        "mecha.bindings.channels.orders.type=memory",
                        "mecha.bindings.channels.orders.in.concurrency=7")
                .run((context) -> {
                    String report = new JsonMapper()
                            .writeValueAsString(context.getBean(ConfigurationPropertiesReportEndpoint.class)
                                    .configurationProperties());

                    assertThat(report)
                            .contains("\"carts\":{", "\"maximumSize\":", "\"orders\":{", "\"concurrency\":7")
                            .contains("\"encryption\":{\"key\":{}")
                            .doesNotContain(KEY);
                });
    }

    @Test
    void showsStoresThatCameLater() {
        runner.run((context) -> {
            context.getBean(StateStores.class).store("notes", String.class).put("secret-key", "secret-value");
            MechaEndpoint.Components all = context.getBean(MechaEndpoint.class).components();

            assertThat(all.components().get("state")).containsOnlyKeys("carts", "notes");
            assertThat(all.components().get("state").get("notes").configuredBy().property())
                    .isEqualTo("mecha.state.default-type");
            assertThat(JsonMapper.shared().writeValueAsString(all)).doesNotContain(KEY, "secret-key", "secret-value");
        });
    }

    @Test
    void showsChannelsWithoutPayloads() {
        runner.withConfiguration(AutoConfigurations.of(BindingAutoConfiguration.class))
                .withPropertyValues("mecha.bindings.channels.orders.destination=orders.v1")
                .run((context) -> {
                    context.getBean(Bindings.class)
                            .sender("orders", String.class)
                            .send("secret-payload");
                    MechaEndpoint endpoint = context.getBean(MechaEndpoint.class);
                    MechaEndpoint.Component orders = endpoint.component("bindings", "orders");

                    assertThat(orders).isNotNull();
                    assertThat(orders.type()).isEqualTo("memory");
                    assertThat(orders.capabilities()).containsKeys("Outbound", "Inbound", "Groups");
                    assertThat(orders.details())
                            .containsEntry("destination", "orders.v1")
                            .containsEntry("encoding", "binary")
                            .hasEntrySatisfying(
                                    "sinceStart",
                                    (counts) -> assertThat(counts.toString()).contains("sent=1"));
                    assertThat(orders.configuredBy().property()).isEqualTo("mecha.bindings.channels.orders");
                    assertThat(JsonMapper.shared().writeValueAsString(endpoint.components()))
                            .doesNotContain("secret-payload");
                });
    }

    @Test
    void knowsNothingOfOtherNames() {
        runner.run((context) -> {
            MechaEndpoint endpoint = context.getBean(MechaEndpoint.class);

            assertThat(endpoint.components("state").components()).containsOnlyKeys("carts");
            assertThat(endpoint.components("nothing")).isNull();
            assertThat(endpoint.component("state", "nothing")).isNull();
        });
    }

    @Test
    void backsOffWhenTheEndpointIsNotExposed() {
        runner.withPropertyValues("management.endpoints.web.exposure.include=health")
                .run((context) -> assertThat(context).doesNotHaveBean(MechaEndpoint.class));
    }

    @Test
    void backsOffWithoutActuator() {
        new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(MechaAutoConfiguration.class, MechaEndpointAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
                .run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MechaEndpoint.class));
    }

    @Test
    void isEmptyWithoutState() {
        runner.withPropertyValues("mecha.state.enabled=false")
                .run((context) -> assertThat(context.getBean(MechaEndpoint.class)
                                .components()
                                .components())
                        .isEmpty());
    }
}
