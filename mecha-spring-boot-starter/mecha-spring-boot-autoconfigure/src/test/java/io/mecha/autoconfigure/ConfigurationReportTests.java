// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.binding.Bindings;
import io.mecha.binding.autoconfigure.BindingAutoConfiguration;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/** One report of all that is wrong below {@code mecha}, with the place of each. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationReportTests {

    private static final String FILE = "Byte array resource [file] - ";

    private static final String MISTAKES = """
        mecha:
          bindngs:
            channels:
              orders:
                type: kafka
          data-direktory: elsewhere
          health:
            tiemout: 1s
          state:
            stroes:
              carts:
                type: memory
            default-type: memory
            stores:
              sessions:
                type: nothing
          bindings:
            chanels:
              orders:
                type: memory
            prefix: shop
            channels:
              orders:
                tpye: memory
              payments:
                type: kafka
              refunds:
                type: rabbitmq
                in:
                  timeout: soon
        """;

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class));

    private @Nullable Environment environment;

    @Test
    void listsEveryMistakeWithItsPlaceWhateverFailsFirst() {
        for (Class<?> first : new Class<?>[] {AnyStore.class, AnyChannel.class}) {
            yaml(MISTAKES)
                    .withBean(first)
                    .run((context) -> assertThat(report(context.getStartupFailure()))
                            .contains("11 mistakes", "Did you mean 'bindings'?", "Did you mean 'channels'?")
                            .contains("MECHA-C003: mecha.bindngs (" + FILE + "5:15)")
                            .contains("MECHA-C003: mecha.data-direktory (" + FILE + "6:19)")
                            .contains("MECHA-C003: mecha.health.tiemout (" + FILE + "8:14)")
                            .contains("MECHA-C003: mecha.state.stroes (" + FILE + "12:15)")
                            .contains("MECHA-S102: mecha.state.stores.sessions.type (" + FILE + "16:15)")
                            .contains("MECHA-C003: mecha.bindings.chanels (" + FILE + "20:15)")
                            .contains("MECHA-C003: mecha.bindings.prefix (" + FILE + "21:13)")
                            .contains("MECHA-C003: mecha.bindings.channels.orders.tpye (" + FILE + "24:15)")
                            .contains("MECHA-B102: mecha.bindings.channels.payments.type (" + FILE + "26:15)")
                            .contains("MECHA-B102: mecha.bindings.channels.refunds.type (" + FILE + "28:15)")
                            .contains("MECHA-C002: mecha.bindings.channels.refunds.in.timeout")
                            .containsOnlyOnce(FILE + "30:20"));
        }
    }

    @Test
    void listsAnUnreadableTimeoutOfHealthWithTheOthers() {
        for (Class<?> first : new Class<?>[] {AnyStore.class, AnyChannel.class, AnyHealth.class}) {
            yaml("mecha: { health: { timeout: soon }, state.default-type: nothing, bindings.default-type: nothing }")
                    .withConfiguration(AutoConfigurations.of(MechaHealthAutoConfiguration.class))
                    .withBean(first)
                    .run((context) -> assertThat(report(context.getStartupFailure()))
                            .contains("3 mistakes", "'soon' is not a duration")
                            .contains("MECHA-C002: mecha.health.timeout")
                            .contains("mecha.state.default-type", "mecha.bindings.default-type"));
        }
    }

    /** Has the health made first. */
    record AnyHealth(
            @Qualifier("mechaComponentHealthFactory") Object health) {}

    /** Has the stores made first. */
    record AnyStore(StateStores stores) {}

    /** Has the channels made first. */
    record AnyChannel(Bindings bindings) {}

    @Test
    void warnsOfANamespaceThatLooksLikeNoOther(CapturedOutput output) {
        yaml("mecha.elsewhere.level: 3").run((context) -> {
            assertThat(context).hasNotFailed();
            assertThat(output)
                    .containsOnlyOnce("Nothing reads mecha.elsewhere (" + FILE
                            + "1:24). Known here: bindings, coordination, data-directory, health,")
                    .contains("lifecycle, state. Remove it, or add the module that reads it");
        });
    }

    @Test
    void takesWhatIsReadHoweverItIsWritten(CapturedOutput output) {
        yaml("""
                mecha:
                  dataDirectory: target/elsewhere
                  health: { timeout: 1s }
                  state: { enabled: true, DEFAULT_TYPE: memory, memory: { maximum-size: 3 } }
                  bindings: { enabled: true, kafka: { properties: { any: thing } }, timer: { overlap: true } }
                """)
                .withInitializer((context) -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "systemEnvironment", Map.of("MECHA_HOME", "/opt", "MECHA_BINDNGS_X", "y"))))
                .run((context) -> {
                    assertThat(context).hasNotFailed();
                    assertThat(output).doesNotContain("Nothing reads");
                });
    }

    private ApplicationContextRunner yaml(String text) {
        return runner.withInitializer((context) -> {
            environment = context.getEnvironment();
            load(context, text);
        });
    }

    private static void load(ConfigurableApplicationContext context, String text) {
        try {
            new YamlPropertySourceLoader()
                    .load("file", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8), "file"))
                    .forEach(context.getEnvironment().getPropertySources()::addLast);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private String report(@Nullable Throwable failure) {
        assertThat(failure).isNotNull();
        var analysis = new MechaFailureAnalyzer(environment).analyze(failure);
        assertThat(analysis).isNotNull();
        return analysis.getDescription() + analysis.getAction();
    }
}
