// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.StateStores;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.spi.Transactions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.mock.env.MockEnvironment;

class StateInjectionTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class, StateAutoConfiguration.class))
            .withPropertyValues("mecha.state.default-type=memory");

    @Test
    void injectsIntoConstructors() {
        runner.withBean(Checkout.class).run((context) -> {
            Checkout checkout = context.getBean(Checkout.class);

            checkout.carts.put("c", new Cart(List.of("x")));
            checkout.orders.put("o", List.of(new Order(1)));

            assertThat(checkout.carts.get("c")).contains(new Cart(List.of("x")));
            assertThat(checkout.orders.get("o")).contains(List.of(new Order(1)));
            assertThat(checkout.archive.get("c")).isEmpty();
            assertThat(checkout.carts)
                    .isSameAs(context.getBean(StateStores.class).store("carts", Cart.class));
        });
    }

    @Test
    void injectsIntoFieldsAndSetters() {
        runner.withBean(Fields.class).run((context) -> {
            Fields fields = context.getBean(Fields.class);

            assertThat(fields.carts.name()).isEqualTo("carts");
            assertThat(fields.orders.name()).isEqualTo("orders");
            assertThat(fields.archive.name()).isEqualTo("archive");
        });
    }

    @Test
    void resolvesPlaceholdersInNames() {
        runner.withBean(Placeholder.class)
                .withPropertyValues("shop.store=carts")
                .run((context) -> assertThat(
                                context.getBean(Placeholder.class).carts.name())
                        .isEqualTo("carts"));
        runner.withBean(Placeholder.class)
                .run((context) -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("MECHA-S109")
                        .hasMessageContaining("The placeholder in '${shop.store}' cannot be resolved."));
    }

    static class Placeholder {

        final KeyValueStore<Cart> carts;

        Placeholder(@StateStore("${shop.store}") KeyValueStore<Cart> carts) {
            this.carts = carts;
        }
    }

    @Test
    void injectsIntoBeanMethods() {
        runner.withUserConfiguration(Methods.class)
                .run((context) -> assertThat(context.getBean("name")).isEqualTo("carts"));
    }

    @Test
    void injectsThroughProvidersOptionalsAndProxies() {
        runner.withBean(Indirect.class).run((context) -> {
            Indirect indirect = context.getBean(Indirect.class);

            assertThat(indirect.provider.getObject().name()).isEqualTo("carts");
            assertThat(indirect.provider.getIfAvailable()).isSameAs(indirect.provider.getObject());
            assertThat(indirect.optional.orElseThrow().name()).isEqualTo("orders");
            indirect.lazy.put("c", new Cart(List.of()));
            assertThat(indirect.lazy.get("c")).isPresent();
        });
    }

    @Test
    void resolvesTypeVariablesOfSubclasses() {
        runner.withBean(CartRepository.class).run((context) -> {
            CartRepository repository = context.getBean(CartRepository.class);

            repository.values.put("c", Map.of("k", new Cart(List.of("x"))));

            assertThat(repository.values.get("c").orElseThrow().get("k").items())
                    .containsExactly("x");
        });
    }

    @Test
    void injectsIntoObjectsThatAreNotBeans() {
        runner.run((context) -> {
            Fields fields = new Fields();
            context.getAutowireCapableBeanFactory().autowireBean(fields);

            assertThat(fields.carts.name()).isEqualTo("carts");
        });
    }

    @Test
    void leavesStoresOfTheApplicationAlone() {
        runner.withUserConfiguration(OwnStore.class)
                .withBean(Checkout.class)
                .withBean(TakesOwn.class)
                .run((context) -> {
                    assertThat(context.getBean(TakesOwn.class).carts).isSameAs(context.getBean("carts"));
                    assertThat(context.getBean(Checkout.class).carts).isNotSameAs(context.getBean("carts"));
                    assertThat(context.getBean(TakesOwn.class).all).hasSize(1);
                });
    }

    @Test
    void checksRequiredCapabilitiesAtStart() {
        runner.withBean(Demanding.class)
                .run((context) -> assertThat(StateAutoConfigurationTests.mistakes(context.getStartupFailure()))
                        .extracting(Mistake::code, Mistake::problem, Mistake::action)
                        .containsExactly(tuple(
                                "MECHA-S103",
                                "State store 'carts' needs SurroundingTransaction, which its backend of type 'memory'"
                                        + " does not offer; it offers [Transactions, KeyScan, ChangeNotifications, Leases].",
                                "Set mecha.state.stores.carts.type to a type that offers SurroundingTransaction.")));
    }

    @Test
    void checksAtStartWhatIsRequiredOfStoresThatAreMadeLater() {
        runner.withBean(DemandingLater.class)
                .run((context) -> assertThat(StateAutoConfigurationTests.mistakes(context.getStartupFailure()))
                        .extracting(Mistake::code)
                        .containsExactly("MECHA-S103", "MECHA-S103"));
    }

    @Test
    void makesStoresOfProvidersNotBeforeTheyAreNeeded() {
        runner.withBean(Indirect.class)
                .run((context) -> assertThat(
                                context.getBean(StateStoreRegistry.class).components())
                        .extracting(StateStoreComponent::name)
                        .containsExactly("orders"));
    }

    @Test
    void reportsAllWrongPlacesAtOnce() {
        runner.withBean(Wrong.class)
                .withBean(Demanding.class)
                .run((context) -> assertThat(StateAutoConfigurationTests.mistakes(context.getStartupFailure()))
                        .extracting(Mistake::property, Mistake::problem)
                        .contains(
                                tuple(
                                        "parameter 0 'map' of the constructor of " + Wrong.class.getName(),
                                        "@StateStore is on a java.util.Map<java.lang.String, java.lang.String>, which"
                                                + " is not a KeyValueStore."),
                                tuple(
                                        "parameter 1 'raw' of the constructor of " + Wrong.class.getName(),
                                        "It does not say of which type the values of state store 'raw' are."),
                                tuple(
                                        "parameter 2 'any' of the constructor of " + Wrong.class.getName(),
                                        "It does not say of which type the values of state store 'any' are."),
                                tuple(
                                        "parameter 3 'blank' of the constructor of " + Wrong.class.getName(),
                                        "' ' cannot be the name of a state store.")));
    }

    @Test
    void reportsWrongPlacesTogetherWithWrongSettings() {
        runner.withBean(Wrong.class)
                .withPropertyValues("mecha.state.stores.carts.type=redis")
                .run((context) -> assertThat(StateAutoConfigurationTests.mistakes(context.getStartupFailure()))
                        .extracting(Mistake::code)
                        .containsExactly("MECHA-S102", "MECHA-S107", "MECHA-S107", "MECHA-S107", "MECHA-S105"));
    }

    @Test
    void explainsAMissingAnnotation() {
        runner.withBean(TakesOwn.class)
                .run((context) -> assertThat(analyze(context.getStartupFailure(), new MockEnvironment())
                                .getDescription())
                        .isEqualTo("MECHA-S107: parameter 0 'carts' of the constructor of " + TakesOwn.class.getName()
                                + " takes a io.mecha.state.KeyValueStore<" + Cart.class.getName()
                                + "> without saying which."));
    }

    @Test
    void explainsThatStateIsSwitchedOff() {
        runner.withBean(Checkout.class)
                .withPropertyValues("mecha.state.enabled=false")
                .run((context) -> assertThat(analyze(
                                        context.getStartupFailure(),
                                        new MockEnvironment().withProperty("mecha.state.enabled", "false"))
                                .getAction())
                        .isEqualTo("Set mecha.state.enabled to true, or remove the injection point."));
    }

    private static FailureAnalysis analyze(Throwable failure, MockEnvironment environment) {
        FailureAnalyzer analyzer = new StateInjectionFailureAnalyzer(environment);
        FailureAnalysis analysis = analyzer.analyze(failure);
        assertThat(analysis).isNotNull();
        return analysis;
    }

    record Cart(List<String> items) {}

    record Order(int number) {}

    static class Checkout {

        final KeyValueStore<Cart> carts;
        final KeyValueStore<List<Order>> orders;
        final KeyValueStore<Cart> archive;

        Checkout(
                @StateStore(value = "carts", requires = Transactions.class) KeyValueStore<Cart> carts,
                @StateStore("orders") KeyValueStore<List<Order>> orders,
                @StateStore("archive") KeyValueStore<Cart> archive) {
            this.carts = carts;
            this.orders = orders;
            this.archive = archive;
        }
    }

    static class Fields {

        @Autowired
        @StateStore("carts")
        private KeyValueStore<Cart> carts;

        private KeyValueStore<Order> orders;
        private KeyValueStore<Cart> archive;

        @Autowired
        @StateStore("orders")
        void setOrders(KeyValueStore<Order> orders) {
            this.orders = orders;
        }

        @Autowired
        void setArchive(@StateStore("archive") KeyValueStore<Cart> archive) {
            this.archive = archive;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Methods {

        @Bean
        String name(@StateStore("carts") KeyValueStore<Cart> store) {
            return store.name();
        }
    }

    static class Indirect {

        final ObjectProvider<KeyValueStore<Cart>> provider;
        final Optional<KeyValueStore<Order>> optional;
        final KeyValueStore<Cart> lazy;

        Indirect(
                @StateStore("carts") ObjectProvider<KeyValueStore<Cart>> provider,
                @StateStore("orders") Optional<KeyValueStore<Order>> optional,
                @Lazy @StateStore("archive") KeyValueStore<Cart> lazy) {
            this.provider = provider;
            this.optional = optional;
            this.lazy = lazy;
        }
    }

    abstract static class Repository<T> {

        @Autowired
        @StateStore("values")
        KeyValueStore<Map<String, T>> values;
    }

    static class CartRepository extends Repository<Cart> {}

    @Configuration(proxyBeanMethods = false)
    static class OwnStore {

        @Bean
        @SuppressWarnings("unchecked")
        KeyValueStore<Cart> carts() {
            InvocationHandler nothing =
                    (proxy, method, arguments) -> method.getName().equals("hashCode") ? 1 : null;
            return (KeyValueStore<Cart>)
                    Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {KeyValueStore.class}, nothing);
        }
    }

    static class TakesOwn {

        final KeyValueStore<Cart> carts;
        final List<KeyValueStore<Cart>> all;

        TakesOwn(KeyValueStore<Cart> carts, List<KeyValueStore<Cart>> all) {
            this.carts = carts;
            this.all = all;
        }
    }

    static class Demanding {

        Demanding(@StateStore(value = "carts", requires = SurroundingTransaction.class) KeyValueStore<Cart> carts) {
            assertThat(carts).isNotNull();
        }
    }

    static class DemandingLater {

        DemandingLater(
                @StateStore(value = "carts", requires = SurroundingTransaction.class)
                        ObjectProvider<KeyValueStore<Cart>> provider,
                @Lazy @StateStore(value = "orders", requires = SurroundingTransaction.class)
                        KeyValueStore<Order> lazy) {
            assertThat(provider).isNotNull();
            assertThat((Object) lazy).isNotNull();
        }
    }

    static class Wrong {

        @SuppressWarnings("rawtypes")
        Wrong(
                @StateStore("map") Map<String, String> map,
                @StateStore("raw") KeyValueStore raw,
                @StateStore("any") KeyValueStore<?> any,
                @StateStore(" ") KeyValueStore<String> blank) {
            assertThat(List.of(map, raw, any, blank)).isNotNull();
        }
    }
}
