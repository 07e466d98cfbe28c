// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.StateStores;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

class StateAotTests {

    @Test
    @CompileWithForkedClassLoader
    void injectsStoresInAProcessedContext() {
        run(Map.of("mecha.state.stores.carts.type", "memory", "mecha.state.default-type", "memory"), (context) -> {
            Shop shop = context.getBean(Shop.class);

            shop.carts.put("c", List.of(new Cart("x")));

            assertThat(shop.carts.get("c")).contains(List.of(new Cart("x")));
            assertThat(shop.field.name()).isEqualTo("field");
            assertThat(shop.provider.getObject().name()).isEqualTo("provided");
            assertThat(shop.lazy.get("nothing")).isEmpty();
            assertThat(context.getBean("title")).isEqualTo("carts");
        });
    }

    @Test
    @CompileWithForkedClassLoader
    void readsTheConfigurationWhenTheProcessedContextStarts() {
        run(
                Map.of("mecha.state.stores.later.type", "memory", "mecha.state.default-type", "memory"),
                (context) ->
                        assertThat(context.getBean(StateStores.class).names()).contains("later"));
    }

    @Test
    void hintsAtWhatIsBoundAndAtWhatIsStored() {
        TestGenerationContext generation = new TestGenerationContext();
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.register(Application.class);
            new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
        }
        RuntimeHints hints = generation.getRuntimeHints();

        assertThat(RuntimeHintsPredicates.reflection().onType(Cart.class)).accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(StateProperties.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(StateProperties.Store.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(StateProperties.Encryption.class))
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

    record Cart(String item) {}

    @Configuration(proxyBeanMethods = false)
    @Import(Shop.class)
    @ImportAutoConfiguration({MechaAutoConfiguration.class, StateAutoConfiguration.class})
    static class Application {

        @Bean
        String title(@StateStore("carts") KeyValueStore<Cart> store) {
            return store.name();
        }
    }

    static class Shop {

        final KeyValueStore<List<Cart>> carts;
        final ObjectProvider<KeyValueStore<Cart>> provider;
        final KeyValueStore<Cart> lazy;

        @Autowired
        @StateStore("field")
        KeyValueStore<String> field;

        Shop(
                @StateStore("carts") KeyValueStore<List<Cart>> carts,
                @StateStore("provided") ObjectProvider<KeyValueStore<Cart>> provider,
                @Lazy @StateStore("lazy") KeyValueStore<Cart> lazy) {
            this.carts = carts;
            this.provider = provider;
            this.lazy = lazy;
        }
    }
}
