// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Event;
import io.mecha.codec.GenericType;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What users of other listeners expect of payloads. */
@ExtendWith(OutputCaptureExtension.class)
class ExpectedPayloadsTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withPropertyValues("spring.application.name=shop", "mecha.state.default-type=memory");

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void readsJsonThatWasSentAsText(String shared) {
        runner.withBean(Jobs.class)
                .withPropertyValues("mecha.bindings.channels.jobs.immutable-values=" + shared)
                .run((context) -> {
                    Bindings bindings = context.getBean(Bindings.class);

                    bindings.sender("jobs", String.class).send("{\"name\":\"one\"}");
                    bindings.sender("jobs", byte[].class).send("{\"name\":\"two\"}".getBytes(StandardCharsets.UTF_8));

                    Jobs jobs = context.getBean(Jobs.class);
                    assertThat(jobs.received.poll(60, SECONDS)).isEqualTo(new Job("one"));
                    assertThat(jobs.received.poll(60, SECONDS)).isEqualTo(new Job("two"));
                });
    }

    @Test
    void givesUpTextThatIsNoJson() {
        runner.withBean(Jobs.class).withBean(Letters.class).run((context) -> {
            context.getBean(Bindings.class).sender("jobs", String.class).send("hello");

            assertThat(context.getBean(Letters.class).received.poll(60, SECONDS))
                    .isEqualTo("hello");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"lists", "dispatched"})
    void readsAListAsOnePayload(String channel) {
        runner.withBean(Lists.class).withBean(Dispatching.class).run((context) -> {
            context.getBean(Bindings.class)
                    .sender(channel, new GenericType<List<Job>>() {})
                    .send(List.of(new Job("one"), new Job("two")));

            BlockingQueue<List<Job>> received = channel.equals("lists")
                    ? context.getBean(Lists.class).received
                    : context.getBean(Dispatching.class).received;
            assertThat(received.poll(60, SECONDS)).containsExactly(new Job("one"), new Job("two"));
        });
    }

    @Test
    void findsTheHandlerOfAnEventThatAnEarlierVersionSent() {
        runner.withBean(Dispatching.class).run((context) -> {
            context.getBean(Bindings.class)
                    .sender("dispatched", new GenericType<List<Job>>() {})
                    .send(Event.<List<Job>>builder()
                            .type("java.util.List<%s>".formatted(Job.class.getName()))
                            .data(List.of(new Job("one")))
                            .build());

            assertThat(context.getBean(Dispatching.class).received.poll(60, SECONDS))
                    .containsExactly(new Job("one"));
        });
    }

    @Test
    void namesNestedClassesAsTheSourceCodeDoes() {
        runner.withBean(Types.class).run((context) -> {
            Bindings bindings = context.getBean(Bindings.class);

            bindings.sender("types", Job.class).send(new Job("one"));
            bindings.sender("types", Object.class).send(new Job("two"));

            String type = ExpectedPayloadsTests.class.getName() + ".Job";
            BlockingQueue<String> received = context.getBean(Types.class).received;
            assertThat(received.poll(60, SECONDS)).isEqualTo(type);
            assertThat(received.poll(60, SECONDS)).isEqualTo(type);
        });
    }

    @Test
    void announcesAChannelAndItsDeadLetterInOneLine(CapturedOutput output) {
        runner.withBean(Jobs.class)
                .run((context) -> assertThat(output)
                        .contains("Channel 'jobs': memory", "dead letter jobs.dead")
                        .doesNotContain("Channel 'jobs.dead'"));
        runner.withBean(Jobs.class)
                .withBean(Letters.class)
                .run((context) -> assertThat(output).contains("Channel 'jobs.dead': memory"));
    }

    @Test
    void suggestsATypeThatIsThereOrSaysHowToGetIt() {
        assertThat(suggestion("kafak"))
                .startsWith(
                        "Did you mean 'kafka'? Add io.mecha:mecha-bindings-kafka for it, or set mecha.bindings.channels.jobs.type");
        assertThat(suggestion("memroy")).startsWith("Did you mean 'memory'? Set mecha.bindings.channels.jobs.type");
    }

    private String suggestion(String type) {
        String[] found = new String[1];
        runner.withPropertyValues("mecha.bindings.channels.jobs.type=" + type)
                .run((context) -> found[0] =
                        Mistakes.of(context.getStartupFailure()).get(0).action());
        return found[0];
    }

    record Job(String name) {}

    static class Jobs {

        final BlockingQueue<Job> received = new LinkedBlockingQueue<>();

        @Binding("jobs")
        void on(Job job) {
            received.add(job);
        }
    }

    static class Letters {

        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Binding("jobs.dead")
        void on(String text) {
            received.add(text);
        }
    }

    static class Lists {

        final BlockingQueue<List<Job>> received = new LinkedBlockingQueue<>();

        @Binding("lists")
        void on(List<Job> jobs) {
            received.add(jobs);
        }
    }

    @Binding("dispatched")
    static class Dispatching {

        final BlockingQueue<List<Job>> received = new LinkedBlockingQueue<>();

        @Binding
        void on(List<Job> jobs) {
            received.add(jobs);
        }

        @Binding
        void on(String text) {}
    }

    static class Types {

        final BlockingQueue<String> received = new LinkedBlockingQueue<>();

        @Binding("types")
        void on(Event<?> event) {
            received.add(event.type());
        }
    }
}
