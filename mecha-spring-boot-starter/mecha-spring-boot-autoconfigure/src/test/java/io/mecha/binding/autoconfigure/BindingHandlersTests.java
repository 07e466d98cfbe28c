// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Attribute;
import io.mecha.binding.Batch;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import io.mecha.binding.Event;
import io.mecha.binding.Failure;
import io.mecha.binding.Filter;
import io.mecha.binding.Header;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.aop.MethodBeforeAdvice;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.annotation.AliasFor;

class BindingHandlersTests {

    private static final Event<Order> ORDER = Event.<Order>builder()
            .id("1")
            .source("/test")
            .type("order.placed")
            .subject("s-1")
            .extension("tenant", "a")
            .extension("count", 7)
            .header("x-trace", "t-1")
            .header("x-number", "42")
            .data(new Order("sku"))
            .build();

    private final FakeBindings bindings = new FakeBindings();
    private final List<Object> seen = new ArrayList<>();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class, BindingAutoConfiguration.class))
            .withBean(FakeBindings.class, () -> bindings)
            .withPropertyValues("spring.application.name=shop", "orders.channel=orders");

    @Test
    void passesThePayload() {
        run(new Payload(), (context) -> {
            SubscriptionSpec<?> spec = bindings.only();

            assertThat(bindings.handle(ORDER)).isEqualTo(Outcome.ack());
            assertThat(spec.channel()).isEqualTo("orders");
            assertThat(spec.payload()).isEqualTo(Order.class);
            assertThat(spec.options().group()).isEmpty();
            assertThat(seen).containsExactly(new Order("sku"));
        });
    }

    @Test
    void passesEventHeadersAndAttributes() {
        run(new Everything(), (context) -> {
            Outcome outcome = bindings.handle(ORDER);

            assertThat(outcome).isEqualTo(Outcome.drop());
            assertThat(seen)
                    .containsExactly(ORDER, "t-1", 42, Optional.empty(), "nothing", 7L, URI.create("/test"), "s-1");
        });
    }

    @Test
    void givesUpAMessageThatLacksWhatAParameterNeeds() {
        run(new Everything(), (context) -> {
            Event<Order> without =
                    Event.<Order>builder().id("2").data(new Order("x")).build();
            Event<Order> wrong = ORDER.toBuilder().header("x-number", "many").build();

            assertThat(bindings.handle(without)).isEqualTo(Outcome.deadLetter("The event has no header 'x-trace'"));
            assertThat(bindings.handle(wrong))
                    .isEqualTo(Outcome.deadLetter("The header 'x-number' of the event is not a int"));
            assertThat(seen).isEmpty();
        });
    }

    @Test
    void givesUpAnEventWithoutDataUnlessTheHandlerTakesThat() {
        Event<Order> tombstone = Event.<Order>builder().id("1").type("t").build();
        run(
                new Payload(),
                (context) ->
                        assertThat(bindings.handle(tombstone)).isEqualTo(Outcome.deadLetter("The event has no data")));
        run(new Tombstones(), (context) -> {
            bindings.handle(1, tombstone);
            bindings.handle(2, tombstone);

            assertThat(seen).containsExactly("null", Optional.empty());
        });
    }

    @Test
    void passesOnWhatTheMethodReturns() {
        run(new Pipe(), (context) -> {
            assertThat(bindings.only().sendTo()).isEqualTo("invoices");
            assertThat(bindings.handle(ORDER)).isEqualTo(Outcome.reply("invoice for sku"));
            assertThat(bindings.senders).containsKey("invoices");
        });
    }

    @Test
    void waitsForWhatComesLater() {
        run(new Later(), (context) -> {
            CompletionStage<Outcome> outcome = bindings.handleLater(ORDER);
            assertThat(outcome.toCompletableFuture()).isNotDone();

            ((CompletableFuture<?>) seen.get(0)).complete(null);

            assertThat(outcome.toCompletableFuture()).isCompletedWithValue(Outcome.ack());
        });
    }

    @Test
    void throwsWhatTheMethodThrows() {
        run(
                new Failing(),
                (context) -> assertThatIllegalStateException()
                        .isThrownBy(() -> bindings.handle(ORDER))
                        .withCauseInstanceOf(IOException.class));
    }

    @Test
    void passesBatches() {
        run(new Batches(), (context) -> {
            Batch<?> batch = (Batch<?>) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Batch.class}, (proxy, method, arguments) -> 2);

            bindings.handleBatch(batch);

            assertThat(bindings.only().payload()).isEqualTo(Order.class);
            assertThat(bindings.only().options().batchSize()).contains(10);
            assertThat(seen).containsExactly(2);
        });
    }

    @Test
    void readsEveryAttribute() {
        run(new Configured(), (context) -> {
            SubscriptionOptions options = bindings.only().options();

            assertThat(bindings.only().channel()).isEqualTo("orders");
            assertThat(bindings.only().types()).containsExactly("order.placed");
            assertThat(bindings.only().filters()).containsExactly(Filter.sql("tenant = 'a'"));
            assertThat(options.group()).contains("billing");
            assertThat(options.concurrency()).contains(8);
            assertThat(options.ordering()).contains(Ordering.KEY);
            assertThat(options.timeout()).contains(Duration.ofSeconds(30));
            assertThat(options.retry().orElseThrow().maxAttempts()).isEqualTo(3);
            assertThat(options.retry().orElseThrow().notRetryable()).containsExactly(IOException.class);
        });
    }

    @Test
    void dispatchesByTypeWithinAClass() {
        run(new Dispatching(), (context) -> {
            assertThat(bindings.specs).extracting(SubscriptionSpec::channel).containsOnly("orders");
            assertThat(bindings.specs)
                    .extracting((spec) -> spec.options().group().orElse(""))
                    .containsOnly("audit");
            assertThat(bindings.specs)
                    .extracting(SubscriptionSpec::types)
                    .containsExactlyInAnyOrder(
                            List.of(Order.class.getCanonicalName(), Order.class.getName()),
                            List.of("order.cancelled"),
                            List.of());
        });
    }

    @Test
    void callsTheFallbackOfTheGroup() {
        run(new WithFallback(), (context) -> {
            Failure failure = new Failure("orders", "billing", 5, "It failed.", null);
            int billing = bindings.specs.get(0).options().group().isPresent() ? 0 : 1;

            Outcome ofGroup = bindings.fallBack(billing, ORDER, failure);
            Outcome ofRest = bindings.fallBack(1 - billing, ORDER, failure);

            assertThat(ofGroup).isEqualTo(Outcome.ack());
            assertThat(ofRest).isEqualTo(Outcome.deadLetter("give up"));
            assertThat(seen).containsExactly(new Order("sku"), failure);
        });
    }

    @Test
    void findsMethodsOfSuperclassesInterfacesAndMetaAnnotations() {
        run(
                new Inheriting(),
                (context) -> assertThat(bindings.specs)
                        .extracting(SubscriptionSpec::channel)
                        .containsExactlyInAnyOrder("above", "contract", "meta"));
    }

    @Test
    void callsThroughProxies() {
        run(new Payload(), true, (context) -> {
            bindings.handle(ORDER);

            assertThat(seen).containsExactly("advised", new Order("sku"));
        });
    }

    @Test
    void callsThroughProxiesOfInterfaces() {
        runner.withUserConfiguration(Proxied.class)
                .withBean("implementing", Object.class, () -> new Implementing(seen))
                .run((context) -> {
                    assertThat(context).hasNotFailed();
                    bindings.handle(ORDER);

                    assertThat(bindings.only().payload()).isEqualTo(Order.class);
                    assertThat(seen).containsExactly(new Order("sku"));
                });
    }

    @Test
    void wakesLazyBeans() {
        runner.withUserConfiguration(Lazily.class)
                .run((context) -> assertThat(bindings.only().channel()).isEqualTo("orders"));
    }

    private void run(Seeing handler, ContextConsumer<AssertableApplicationContext> test) {
        run(handler, false, test);
    }

    @SuppressWarnings("unchecked")
    private void run(Seeing handler, boolean proxied, ContextConsumer<AssertableApplicationContext> test) {
        handler.seen = seen;
        Object bean = handler;
        if (proxied) {
            ProxyFactory factory = new ProxyFactory(handler);
            factory.setProxyTargetClass(true);
            factory.addAdvice((MethodBeforeAdvice) (method, arguments, target) -> seen.add("advised"));
            bean = factory.getProxy();
        }
        Object instance = bean;
        runner.withBean("handler", (Class<Object>) (Class<?>) handler.getClass(), () -> instance)
                .run((context) -> {
                    assertThat(context).hasNotFailed();
                    test.accept(context);
                });
    }

    record Order(String sku) {}

    /** Remembers what it was called with. */
    static class Seeing {

        List<Object> seen = new ArrayList<>();
    }

    static class Payload extends Seeing {

        @Binding("orders")
        void on(Order order) {
            seen.add(order);
        }
    }

    static class Everything extends Seeing {

        @Binding("orders")
        Outcome on(
                Event<Order> event,
                @Header("X-Trace") String trace,
                @Header("x-number") int number,
                @Header("x-missing") Optional<Instant> missing,
                @Header("x-missing") @Nullable String nothing,
                @Attribute("count") long count,
                @Attribute("source") URI source,
                @Attribute("subject") Optional<String> subject) {
            seen.addAll(List.of(
                    event,
                    trace,
                    number,
                    missing,
                    nothing == null ? "nothing" : nothing,
                    count,
                    source,
                    subject.orElse("none")));
            return Outcome.drop();
        }
    }

    static class Tombstones extends Seeing {

        @Binding("first")
        void first(@Nullable Order order) {
            seen.add(String.valueOf(order));
        }

        @Binding("second")
        void second(Optional<Order> order) {
            seen.add(order);
        }
    }

    static class Pipe extends Seeing {

        @Binding(value = "orders", sendTo = "invoices")
        String bill(Order order) {
            return "invoice for " + order.sku();
        }
    }

    static class Later extends Seeing {

        @Binding("orders")
        CompletionStage<Void> on(Order order) {
            CompletableFuture<Void> later = new CompletableFuture<>();
            seen.add(later);
            return later;
        }
    }

    static class Failing extends Seeing {

        @Binding("orders")
        void on(Order order) throws IOException {
            throw new IOException("no");
        }
    }

    static class Batches extends Seeing {

        @Binding(value = "orders", batchSize = "10")
        void on(Batch<Order> batch) {
            seen.add(batch.size());
        }
    }

    static class Configured extends Seeing {

        @Binding(
                value = "${orders.channel}",
                group = "${orders.group:billing}",
                type = "order.placed",
                filter = "tenant = 'a'",
                concurrency = "${orders.concurrency:8}",
                ordering = Ordering.KEY,
                maxAttempts = "3",
                notRetryable = IOException.class,
                timeout = "30s")
        void on(Order order) {
            seen.add(order);
        }
    }

    @Binding(value = "orders", group = "audit")
    static class Dispatching extends Seeing {

        @Binding
        public void placed(Order order) {
            seen.add(order);
        }

        @Binding(type = "order.cancelled")
        public void cancelled(Event<Order> event) {
            seen.add(event);
        }

        @Binding
        public void rest(Event<?> event) {
            seen.add(event);
        }
    }

    static class WithFallback extends Seeing {

        @Binding(value = "orders", group = "billing")
        void bill(Order order) {}

        @Binding("orders")
        void rest(Order order) {}

        @BindingFallback(value = "orders", group = "billing")
        void exhausted(Order order, Failure failure) {
            seen.add(order);
            seen.add(failure);
        }

        @BindingFallback("orders")
        Outcome exhausted(Failure failure) {
            return Outcome.deadLetter("give up");
        }
    }

    interface Contract {

        @Binding("contract")
        void contract(Order order);
    }

    static class Above extends Seeing {

        @Binding("above")
        void above(Order order) {}
    }

    static class Inheriting extends Above implements Contract {

        @Override
        public void contract(Order order) {}

        @Meta("meta")
        void meta(Order order) {}
    }

    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @Binding
    @interface Meta {

        @AliasFor(annotation = Binding.class)
        String value();
    }

    interface Generic<T> {

        void on(T order);
    }

    record Implementing(List<Object> seen) implements Generic<Order> {

        @Override
        @Binding("orders")
        public void on(Order order) {
            seen.add(order);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Proxied {

        @Bean
        static BeanPostProcessor proxies() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Implementing ? new ProxyFactory(bean).getProxy() : bean;
                }
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Lazily {

        @Bean
        @Lazy
        Payload lazy() {
            return new Payload();
        }
    }
}
