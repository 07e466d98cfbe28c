// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import io.mecha.binding.Sender;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

class BindingAotTests {

    @Test
    @CompileWithForkedClassLoader
    void injectsAndReceivesInAProcessedContext() {
        run(Map.of("orders.channel", "later"), (context) -> {
            Shop shop = context.getBean(Shop.class);
            FakeBindings bindings = context.getBean(FakeBindings.class);

            Outcome outcome = bindings.handle(Event.of("placed", new Order("sku")));

            assertThat(shop.orders.channel()).isEqualTo("later");
            assertThat(bindings.only().channel()).isEqualTo("later");
            assertThat(outcome).isEqualTo(Outcome.reply(new Invoice("sku")));
            assertThat(shop.seen).containsExactly(new Order("sku"));
        });
    }

    @Test
    void hintsAtWhatIsBoundCalledAndSent() throws NoSuchMethodException {
        TestGenerationContext generation = new TestGenerationContext();
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        RuntimeHints hints = generation.getRuntimeHints();

        assertThat(RuntimeHintsPredicates.reflection().onType(Order.class)).accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(Invoice.class)).accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(Parcel.class)).accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Shop.class.getDeclaredMethod("on", Order.class)))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(BindingProperties.Backoff.class))
                .accepts(hints);
    }

    @SuppressWarnings("unchecked")
    private static void run(Map<String, Object> properties, Consumer<GenericApplicationContext> assertions) {
        TestGenerationContext generation = new TestGenerationContext();
        ClassName initializer;
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        generation.writeGeneratedContent();
        TestCompiler.forSystem().with(generation).compile((compiled) -> {
            try (GenericApplicationContext fresh = new GenericApplicationContext()) {
                fresh.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", properties));
                compiled.getInstance(ApplicationContextInitializer.class, initializer.reflectionName())
                        .initialize(fresh);
                fresh.refresh();
                assertions.accept(fresh);
            }
        });
    }

    record Order(String sku) {}

    record Invoice(String sku) {}

    record Parcel(String sku) {}

    @Configuration(proxyBeanMethods = false)
    @Import(Shop.class)
    @ImportAutoConfiguration({MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class
    })
    static class Application {

        @Bean
        FakeBindings bindings() {
            return new FakeBindings();
        }

        @Bean
        String title(@Binding("parcels") Sender<Parcel> parcels, Bindings bindings) {
            return parcels.channel();
        }
    }

    static class Shop {

        final Sender<Order> orders;
        final List<Order> seen = new ArrayList<>();

        Shop(@Binding("${orders.channel}") Sender<Order> orders) {
            this.orders = orders;
        }

        @Binding("${orders.channel}")
        Invoice on(Order order) {
            seen.add(order);
            return new Invoice(order.sku());
        }
    }
}
