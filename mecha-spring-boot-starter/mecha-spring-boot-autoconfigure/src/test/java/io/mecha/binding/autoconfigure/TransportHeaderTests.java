// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Event;
import io.mecha.binding.Header;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TransportHeaderTests {

    private final FakeBindings bindings = new FakeBindings();
    private final Offsets offsets = new Offsets();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class, BindingAutoConfiguration.class))
            .withBean(FakeBindings.class, () -> bindings)
            .withBean(Offsets.class, () -> offsets)
            .withPropertyValues("spring.application.name=shop");

    @Test
    void readsWhatTheTransportSaysAndNoHeaderOfASender() {
        Event<String> event = Event.<String>builder()
                .id("1")
                .header("mecha-transport-topic", "forged")
                .transport(() -> Map.of("offset", "7"))
                .data("text")
                .build();

        runner.run(context -> {
            bindings.handle(event);

            assertThat(offsets.seen).isEqualTo("7 Optional.empty");
        });
    }

    static class Offsets {

        private String seen = "";

        @Binding("orders")
        void on(
                @Header("mecha-transport-offset") long offset,
                @Header("mecha-transport-topic") Optional<String> topic) {
            seen = offset + " " + topic;
        }
    }
}
