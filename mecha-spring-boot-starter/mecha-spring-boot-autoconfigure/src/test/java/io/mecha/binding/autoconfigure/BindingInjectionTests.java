// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Channel;
import io.mecha.binding.Sender;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.ResolvableType;
import org.springframework.mock.env.MockEnvironment;

class BindingInjectionTests {

    private final FakeBindings bindings = new FakeBindings();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withBean(FakeBindings.class, () -> bindings)
            .withPropertyValues("mecha.state.default-type=memory", "orders.channel=orders");

    @Test
    void injectsSendersAndChannelsIntoConstructors() {
        runner.withBean(Checkout.class).run((context) -> {
            Checkout checkout = context.getBean(Checkout.class);

            assertThat(checkout.orders.channel()).isEqualTo("orders");
            assertThat(checkout.channel.name()).isEqualTo("files");
            assertThat(checkout.carts.name()).isEqualTo("carts");
            assertThat(bindings.senders)
                    .containsEntry("orders", String.class)
                    .containsEntry(
                            "lists",
                            ResolvableType.forClassWithGenerics(List.class, Integer.class)
                                    .getType());
        });
    }

    @Test
    void injectsIntoFieldsAndSettersWithoutTakingThemForHandlers() {
        runner.withBean(Fields.class).run((context) -> {
            Fields fields = context.getBean(Fields.class);

            assertThat(fields.field.channel()).isEqualTo("field");
            assertThat(fields.setter.channel()).isEqualTo("setter");
            assertThat(fields.parameter.channel()).isEqualTo("parameter");
            assertThat(bindings.specs).isEmpty();
        });
    }

    @Test
    void injectsThroughBeanMethodsProvidersOptionalsAndProxies() {
        runner.withUserConfiguration(Methods.class).withBean(Indirect.class).run((context) -> {
            Indirect indirect = context.getBean(Indirect.class);

            assertThat(context.getBean("name")).isEqualTo("orders");
            assertThat(indirect.provider.getObject().channel()).isEqualTo("provided");
            assertThat(indirect.optional.orElseThrow().channel()).isEqualTo("optional");
            assertThat(indirect.lazy.channel()).isEqualTo("lazy");
        });
    }

    @Test
    void resolvesTypeVariablesOfSubclasses() {
        runner.withBean(Strings.class)
                .run((context) -> assertThat(bindings.senders).containsEntry("generic", String.class));
    }

    @Test
    void reportsAllWrongPlacesAtOnce() {
        runner.withBean(Wrong.class)
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .extracting(Mistake::code, Mistake::property, Mistake::problem)
                        .contains(
                                tuple(
                                        "MECHA-B107",
                                        place(0, "map"),
                                        "@Binding is on a java.util.Map<java.lang.String, java.lang.String>, which is"
                                                + " neither a Sender nor a Channel."),
                                tuple(
                                        "MECHA-B107",
                                        place(1, "raw"),
                                        "It does not say of which type the payloads of channel 'raw' are."),
                                tuple(
                                        "MECHA-B113",
                                        place(2, "unknown"),
                                        "The placeholder in '${no.such}' cannot be resolved."),
                                tuple("MECHA-B105", place(3, "named"), "'a b' cannot be the name of a channel.")));
    }

    private static String place(int index, String name) {
        return "parameter %d '%s' of the constructor of %s".formatted(index, name, Wrong.class.getName());
    }

    @Test
    void explainsThatTheAnnotationIsMissing() {
        runner.withBean(Plain.class).run((context) -> {
            FailureAnalysis analysis =
                    new BindingInjectionFailureAnalyzer(new MockEnvironment()).analyze(context.getStartupFailure());

            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription())
                    .startsWith("MECHA-B107: parameter 0")
                    .contains("without saying which");
            assertThat(analysis.getAction())
                    .isEqualTo("Annotate it with @Binding(\"name\"), or define a bean of that type.");
        });
    }

    static class Checkout {

        final Sender<String> orders;
        final Channel channel;
        final KeyValueStore<String> carts;

        Checkout(
                @Binding("${orders.channel}") Sender<String> orders,
                @Binding("lists") Sender<List<Integer>> lists,
                @Binding("files") Channel channel,
                @StateStore("carts") KeyValueStore<String> carts) {
            this.orders = orders;
            this.channel = channel;
            this.carts = carts;
        }
    }

    static class Fields {

        @Autowired
        @Binding("field")
        Sender<String> field;

        Sender<String> setter;
        Sender<String> parameter;

        @Autowired
        @Binding("setter")
        void setSetter(Sender<String> sender) {
            this.setter = sender;
        }

        @Autowired
        void setParameter(@Binding("parameter") Sender<String> sender) {
            this.parameter = sender;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Methods {

        @Bean
        String name(@Binding("orders") Sender<String> sender) {
            return sender.channel();
        }
    }

    static class Indirect {

        final ObjectProvider<Sender<String>> provider;
        final Optional<Sender<String>> optional;
        final Sender<String> lazy;

        Indirect(
                @Binding("provided") ObjectProvider<Sender<String>> provider,
                @Binding("optional") Optional<Sender<String>> optional,
                @Lazy @Binding("lazy") Sender<String> lazy) {
            this.provider = provider;
            this.optional = optional;
            this.lazy = lazy;
        }
    }

    abstract static class Generic<T> {

        @Autowired
        @Binding("generic")
        Sender<T> sender;
    }

    static class Strings extends Generic<String> {}

    static class Wrong {

        Wrong(
                @Binding("map") Map<String, String> map,
                @Binding("raw") Sender<?> raw,
                @Binding("${no.such}") Sender<String> unknown,
                @Binding("a b") Channel named) {}
    }

    static class Plain {

        Plain(Sender<String> sender) {}
    }
}
