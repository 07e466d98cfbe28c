// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelView;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class DerivedChannelsTests {

    private final MemoryBroker broker = new MemoryBroker(InstantSource.system());
    private final ApplicationContextRunner bare = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withBean("durable", BindingBackendFactory.class, () -> new DurableFactory(broker))
            .withPropertyValues("spring.application.name=shop", "mecha.state.default-type=memory");
    private final ApplicationContextRunner runner =
            bare.withPropertyValues("mecha.bindings.channels.parcels.type=durable");

    @AfterEach
    void close() {
        broker.close();
    }

    private static String type(AssertableApplicationContext context, String channel) {
        return context.getBean(BindingEngine.class).channels().stream()
                .map(ChannelView::options)
                .filter((options) -> options.name().equals(channel))
                .findFirst()
                .orElseThrow()
                .type();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parcels.dead",
                "parcels.replies",
                "parcels.dead.dead",
                "parcels.dead.replies",
                "parcels.dead.dead.dead"
            })
    void areLikeTheirOriginWhoeverAsksFirst(String channel) {
        runner.run((context) -> {
            context.getBean(Bindings.class).sender(channel, String.class);

            assertThat(type(context, channel)).isEqualTo("durable");
        });
    }

    @Test
    void areLikeTheirOriginThoughTheirHandlerComesFirst() {
        runner.withBean(Watch.class)
                .withBean(Work.class)
                .run((context) -> assertThat(type(context, "parcels.dead")).isEqualTo("durable"));
    }

    @Test
    void areLikeTheirOriginThoughTheirSenderComesFirst() {
        runner.withBean(Back.class)
                .withBean(Work.class)
                .run((context) -> assertThat(type(context, "parcels.dead")).isEqualTo("durable"));
    }

    @Test
    void areLikeAnOriginThatOnlyTheEnvironmentNames() {
        bare.withInitializer((context) -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("MECHA_BINDINGS_CHANNELS_PARCELS_TYPE", "durable"))))
                .withBean(Watch.class)
                .withBean(Work.class)
                .run((context) -> assertThat(type(context, "parcels.dead")).isEqualTo("durable"));
    }

    @Test
    void areLikeTheChannelThatNamesThem() {
        runner.withPropertyValues("mecha.bindings.channels.parcels.in.dead-letter=lost")
                .run((context) -> {
                    context.getBean(Bindings.class).sender("lost", String.class);

                    assertThat(type(context, "lost")).isEqualTo("durable");
                });
    }

    @Test
    void areWarnedOfWhereTheyForgetWhatTheirOriginKeeps(CapturedOutput output) {
        runner.withPropertyValues("mecha.bindings.channels[parcels.dead].type=memory")
                .withBean(Work.class)
                .run((context) -> assertThat(output)
                        .containsOnlyOnce(
                                "Channel 'parcels' keeps messages when this JVM ends, but those that are given up go to channel"
                                        + " 'parcels.dead' of type memory, which loses them then. Set"
                                        + " mecha.bindings.channels[parcels.dead].type to a type that keeps them"));
    }

    @Test
    void areNotWarnedOfWhereTheyKeepWhatTheirOriginKeeps(CapturedOutput output) {
        runner.withBean(Work.class).run((context) -> assertThat(output).doesNotContain("keeps messages"));
    }

    @Test
    void areWhatTheyAreConfiguredAs() {
        runner.withPropertyValues("mecha.bindings.channels[parcels.dead].type=memory")
                .withBean(Work.class)
                .run((context) -> {
                    assertThat(context).hasNotFailed();
                    assertThat(type(context, "parcels.dead")).isEqualTo("memory");
                });
    }

    @Test
    void areOfTheDefaultTypeWhereTheirOriginIs() {
        runner.withBean(Watch.class)
                .run((context) -> assertThat(type(context, "parcels.dead")).isEqualTo("durable"));
        bare.withBean(Watch.class)
                .run((context) -> assertThat(type(context, "parcels.dead")).isEqualTo("memory"));
    }

    @Test
    void refusesADeadLetterThatIsOfTheDefaultTypeByAccident() {
        runner.run((context) -> {
            Bindings bindings = context.getBean(Bindings.class);
            bindings.sender("lost", String.class);
            SubscriptionSpec<String> spec = SubscriptionSpec.of("parcels", String.class)
                    .options(SubscriptionOptions.builder().deadLetter("lost").build())
                    .build();

            assertThat(Mistakes.of(catchThrowable(() -> bindings.subscribe(spec, (event) -> Outcome.ack()))))
                    .singleElement()
                    .satisfies((mistake) -> {
                        assertThat(mistake.code()).isEqualTo("MECHA-B175");
                        assertThat(mistake.action()).isEqualTo("Set mecha.bindings.channels.lost.type.");
                    });
        });
    }

    @Test
    void namesPropertiesOfTheChannelWhereItsOutboxIsWrong() {
        runner.withBean("jdbc", BindingBackendFactory.class, () -> new FakeBackendFactory("jdbc"))
                .withPropertyValues(
                        "mecha.bindings.channels.parcels.out.outbox=true",
                        "mecha.bindings.channels.parcels.jdbc.table=refused")
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .singleElement()
                        .satisfies((mistake) -> assertThat(mistake.property())
                                .isEqualTo("mecha.bindings.channels.parcels.jdbc.table")));
    }

    @Test
    void showsDeadLettersThatAreNoEventsToHandlersOfBytes() {
        runner.withPropertyValues(
                        "mecha.bindings.channels[raw].type=durable",
                        "mecha.bindings.channels[raw].encoding=raw",
                        "mecha.bindings.channels[raw].destination=parcels")
                .withBean(Watch.class)
                .withBean(Work.class)
                .run((context) -> {
                    Bindings bindings = context.getBean(Bindings.class);
                    bindings.sender("raw", String.class).send("no event");

                    Event<byte[]> letter = context.getBean(Watch.class).letters.poll(60, SECONDS);

                    assertThat(letter.payload())
                            .hasValueSatisfying((bytes) -> assertThat(new String(bytes, StandardCharsets.UTF_8))
                                    .contains("no event"));
                    assertThat(letter.extensions()).containsKey("mechadeadreason");
                });
    }

    static class Watch {

        final BlockingQueue<Event<byte[]>> letters = new LinkedBlockingQueue<>();

        @Binding("parcels.dead")
        void dead(Event<byte[]> letter) {
            letters.add(letter);
        }
    }

    static class Work {

        @Binding("parcels")
        void on(String text) {}
    }

    static class Back {

        Back(@Binding("parcels.dead") Sender<byte[]> sender) {}
    }

    /** Memory under another name. */
    private record DurableFactory(MemoryBroker broker) implements BindingBackendFactory {

        @Override
        public String type() {
            return "durable";
        }

        @Override
        public BindingBackend create(Settings settings) {
            return new OutsideBackend(
                    broker.connect(settings.channel(), settings.destination(), MemoryBindingOptions.defaults()));
        }
    }
}
