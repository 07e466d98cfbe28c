// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Batch;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import io.mecha.binding.Failure;
import io.mecha.binding.Header;
import io.mecha.binding.Ordering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class HandlerMistakesTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class, BindingAutoConfiguration.class))
            .withBean(FakeBindings.class, FakeBindings::new);

    @Test
    void refusesMethodsThatAProxyCannotSee() {
        assertMistakes(
                Hidden.class,
                "MECHA-B110 It is private. Make it an instance method that is not private.",
                "MECHA-B110 It is static. Make it an instance method that is not private.");
    }

    @Test
    void refusesSignaturesThatCannotBind() {
        assertMistakes(
                Signatures.class,
                "MECHA-B110 More than one of its parameters would be the payload. Annotate the others with @Header or"
                        + " @Attribute, or take the Event.",
                "MECHA-B110 It takes a Failure, which only a fallback gets. Annotate it with @BindingFallback.",
                "MECHA-B110 The header 'x' cannot become a List. Make it a String, a number, a boolean, an Instant, a"
                        + " URI, or an Optional of those.",
                "MECHA-B110 It takes more than a Batch. Take the Batch alone: its events have attributes and headers.",
                "MECHA-B110 It takes a Batch and returns something. Return void: the Batch takes the outcomes.",
                "MECHA-B110 It returns nothing that could be sent to 'other'. Return the payload, or leave sendTo out.",
                "MECHA-B110 A fallback returns neither a value nor an asynchronous result. Return void or an Outcome.");
    }

    @Test
    void refusesHandlersThatOverlap() {
        assertMistakes(
                Overlapping.class,
                "MECHA-B111 It takes messages of channel 'orders' for group 'application' that method 'one(String)' of "
                        + Overlapping.class.getName()
                        + " takes, too. Give one of them another type, a filter or another group.");
    }

    @Test
    void refusesFallbacksThatNothingLeadsTo() {
        assertMistakes(
                Fallbacks.class,
                "MECHA-B112 No handler of channel 'other' has messages for it. Name the channel and the group of a"
                        + " @Binding method, and take its payload.",
                "MECHA-B112 No handler of channel 'orders' has messages for it. Name the channel and the group of a"
                        + " @Binding method, and take its payload.",
                "MECHA-B112 Channel 'orders' has another fallback for the same messages. Remove one of them, or give"
                        + " each its group.");
    }

    @Test
    void refusesAttributesThatMeanNothing() {
        assertMistakes(
                Attributes.class,
                "MECHA-B106 'many' cannot be used. Set 1 to 10,000.",
                "MECHA-B106 '5' cannot be used. Set a duration with unit, as in 30s.",
                "MECHA-B106 There is more than one ordering. Set one of them.",
                "MECHA-B113 The placeholder in '${no.such.property}' cannot be resolved. Set the property that the"
                        + " placeholder names, or give it a default as in ${name:default}.",
                "MECHA-B105 'a b' cannot be the name of a channel. Use 1 to 64 letters, digits, dots, underscores and"
                        + " hyphens, beginning with a letter or a digit.");
    }

    @Test
    void showsWhereAFilterDoesNotParse() {
        assertThat(mistakes(Filtered.class)).singleElement().satisfies((mistake) -> {
            assertThat(mistake.code()).isEqualTo("MECHA-B120");
            assertThat(mistake.property()).startsWith("filter of method 'on(String)'");
            assertThat(mistake.problem()).contains("type = = 'x'", "^");
        });
    }

    @Test
    void refusesToSendOnWhereNothingCanBeSent() {
        assertMistakes(Piping.class, "MECHA-B999 It cannot send. Choose.");
    }

    @Test
    void refusesBeansThatAreNoSingletons() {
        runner.withBean(
                        "prototype",
                        Filtered.class,
                        Filtered::new,
                        (definition) -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE))
                .run((context) -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("Its bean 'prototype' is not a singleton."));
    }

    private void assertMistakes(Class<?> bean, String... expected) {
        assertThat(mistakes(bean))
                .extracting((mistake) -> mistake.code() + ' ' + mistake.problem() + ' ' + mistake.action())
                .containsExactlyInAnyOrder(expected);
    }

    private List<Mistake> mistakes(Class<?> bean) {
        List<Mistake> mistakes = new ArrayList<>();
        runner.withBean(bean).run((context) -> mistakes.addAll(Mistakes.of(context.getStartupFailure())));
        return mistakes;
    }

    static class Hidden {

        @Binding("one")
        @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // found by reflection
        private void hidden(String payload) {}

        @Binding("two")
        static void still(String payload) {}
    }

    static class Signatures {

        @Binding("one")
        void two(String payload, Integer another) {}

        @Binding("two")
        void failure(String payload, Failure failure) {}

        @Binding("three")
        void header(@Header("x") List<String> header) {}

        @Binding("four")
        void batch(Batch<String> batch, @Header("x") String header) {}

        @Binding("five")
        String batch(Batch<String> batch) {
            return "";
        }

        @Binding(value = "six", sendTo = "other")
        void nothing(String payload) {}

        @BindingFallback("six")
        String fallback(String payload) {
            return payload;
        }
    }

    static class Overlapping {

        @Binding("orders")
        void one(String payload) {}

        @Binding(value = "orders", type = "x")
        void other(String payload) {}

        @Binding(value = "orders", type = "x", filter = "tenant = 'a'")
        void filtered(String payload) {}

        @Binding(value = "orders", group = "another")
        void elsewhere(String payload) {}
    }

    static class Fallbacks {

        @Binding("orders")
        void on(String payload) {}

        @BindingFallback("orders")
        void one(String payload) {}

        @BindingFallback("orders")
        void two(String payload) {}

        @BindingFallback("orders")
        void unfitting(Map<String, String> payload) {}

        @BindingFallback("other")
        void nowhere(String payload) {}
    }

    static class Attributes {

        @Binding(
                value = "orders",
                concurrency = "many",
                timeout = "5",
                ordering = {Ordering.KEY, Ordering.NONE},
                group = "${no.such.property}",
                sendTo = "a b")
        String on(String payload) {
            return payload;
        }
    }

    static class Filtered {

        @Binding(value = "orders", filter = "type = = 'x'")
        void on(String payload) {}
    }

    static class Piping {

        @Binding(value = "orders", sendTo = "mute")
        String on(String payload) {
            return payload;
        }
    }
}
