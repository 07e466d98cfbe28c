// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.MechaComponent;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import io.mecha.binding.Bindings;
import io.mecha.binding.Event;
import io.mecha.binding.Failure;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.Sender;
import io.mecha.binding.Subscription;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BindingOnMemoryTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withPropertyValues(
                    "spring.application.name=shop",
                    "mecha.state.default-type=memory",
                    "mecha.bindings.channels.orders.in.retry.backoff.initial=1ms");

    @Test
    void carriesMessagesFromSendersToHandlers(CapturedOutput output) {
        runner.withBean(Shop.class).run((context) -> {
            Shop shop = context.getBean(Shop.class);

            shop.orders.send(new Order("sku", 2));

            assertThat(shop.received.poll(60, SECONDS)).isEqualTo(new Order("sku", 2));
            assertThat(shop.invoices.poll(60, SECONDS)).isEqualTo(new Invoice("sku"));
            assertThat(output)
                    .contains("Channel 'orders': memory 'orders', binary, received by group 'shop' (ordering key,"
                            + " concurrency 4, dead letter orders.dead)");
        });
    }

    @Test
    void receivesAlsoWhenBeansAreMadeLazily() {
        runner.withBean(Shop.class)
                .withInitializer((context) ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run((context) -> {
                    context.getBean(Bindings.class)
                            .sender("orders", Order.class)
                            .send(new Order("sku", 2));

                    assertThat(context.getBean(Shop.class).invoices.poll(60, SECONDS))
                            .isEqualTo(new Invoice("sku"));
                });
    }

    @Test
    void namesAGroupOnceHoweverManyHandlersItHas(CapturedOutput output) {
        runner.withBean(Shop.class)
                .withBean(Projection.class)
                .run((context) -> assertThat(output)
                        .containsOnlyOnce(
                                "Channel 'history': memory 'history', binary, received by group 'projection' (ordering none,"
                                        + " concurrency 1, dead letter history.dead); "));
    }

    @Test
    void saysThatATimerFiresOnEveryNodeUnlessItHasAStore(CapturedOutput output) {
        ApplicationContextRunner ticking = runner.withPropertyValues(
                "mecha.bindings.channels.tick.type=timer", "mecha.bindings.channels.tick.timer.fixed-rate=1h");

        ticking.withPropertyValues(
                        "mecha.bindings.channels.tick.timer.store=runs", "mecha.state.stores.runs.type=memory")
                .run((context) -> assertThat(output).doesNotContain("fires on every node"));
        ticking.run((context) -> assertThat(output).contains("Timer channel 'tick' fires on every node"));
    }

    @Test
    void warnsOfChannelsThatTakeEachOthersMessages(CapturedOutput output) {
        ApplicationContextRunner one =
                runner.withBean(Shop.class).withPropertyValues("mecha.bindings.channels.invoices.destination=orders");

        one.withPropertyValues("mecha.bindings.channels.invoices.in.group=billing")
                .run((context) -> assertThat(output).doesNotContain("both receive from"));
        one.run((context) -> assertThat(output)
                .containsOnlyOnce(
                        "both receive from memory 'orders' as group 'shop': if that is one server, a message reaches the"
                                + " handlers of only one of them. Use one channel, or set mecha.bindings.channels."));
    }

    @Test
    void warnsOfAGroupThatOtherApplicationsWithoutANameHaveToo(CapturedOutput output) {
        try (MemoryBroker broker = new MemoryBroker(InstantSource.system())) {
            ApplicationContextRunner remote = runner.withBean(Shop.class)
                    .withBean("remote", BindingBackendFactory.class, () -> new RemoteFactory(broker))
                    .withPropertyValues("mecha.bindings.channels.orders.type=remote");

            remote.run((context) -> assertThat(output).doesNotContain("set spring.application.name"));
            remote.withPropertyValues("spring.application.name=")
                    .run(
                            (context) -> assertThat(output)
                                    .contains(
                                            "Group 'application' receives from orders, as in every application without a name"));
        }
    }

    @Test
    void answersRequests() {
        runner.withBean(Answering.class).run((context) -> {
            Sender<String> sender = context.getBean(Bindings.class).sender("questions", String.class);

            assertThat(sender.request("6 x 7", Integer.class, Duration.ofSeconds(10)))
                    .isEqualTo(42);
        });
    }

    @Test
    void dispatchesByTypeOfTheEvent() {
        runner.withBean(Dispatching.class).run((context) -> {
            Dispatching dispatching = context.getBean(Dispatching.class);
            Bindings bindings = context.getBean(Bindings.class);

            bindings.sender("mixed", Order.class).send(new Order("a", 1));
            bindings.sender("mixed", Invoice.class).send(new Invoice("b"));
            bindings.sender("mixed", String.class).send("other");

            assertThat(List.of(next(dispatching), next(dispatching), next(dispatching)))
                    .containsExactlyInAnyOrder("order a", "invoice b", "rest java.lang.String");
        });
    }

    private static String next(Dispatching dispatching) throws InterruptedException {
        return String.valueOf(dispatching.seen.poll(60, SECONDS));
    }

    @Test
    void fallsBackThenKeepsDeadLettersAndShowsThem() {
        runner.withBean(Failing.class).run((context) -> {
            Failing failing = context.getBean(Failing.class);
            Bindings bindings = context.getBean(Bindings.class);
            Sender<Order> sender = bindings.sender("orders", Order.class);

            sender.send(new Order("lost", 1));

            Failure failure = failing.failures.poll(60, SECONDS);
            assertThat(failure).isNotNull();
            assertThat(failure.attempts()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(details(context.getBean(BindingComponents.class), "orders"))
                    .containsEntry("deadLetter", "orders.dead")
                    .containsEntry("deadLetters", 1L)
                    .containsEntry("inFlight", 0));
            failing.working = true;
            assertThat(bindings.redrive("orders", "shop", 10)).isEqualTo(1);
            assertThat(failing.handled.poll(60, SECONDS)).isEqualTo(new Order("lost", 1));
        });
    }

    @Test
    void tellsOfADeadLetterInOneLine(CapturedOutput output) {
        runner.withBean(Failing.class).run((context) -> {
            context.getBean(Bindings.class).sender("orders", Order.class).send(new Order("lost", 1));

            await().untilAsserted(() -> assertThat(output).contains("goes to 'orders.dead' for group 'shop'"));
            assertThat(output.toString().lines())
                    .filteredOn((line) -> line.contains("goes to 'orders.dead'"))
                    .singleElement()
                    .asString()
                    .contains("Nothing helped. IllegalStateException: not now");
            assertThat(output).doesNotContain("\tat io.mecha");
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> details(BindingComponents components, String channel) {
        MechaComponent found = components.components().stream()
                .filter((component) -> component.name().equals(channel))
                .findFirst()
                .orElseThrow();
        return ((List<Map<String, Object>>) found.details().get("groups")).get(0);
    }

    @Test
    void drainsBeforeTheRestStopsAndGoesOnWhenStartedAgain() {
        runner.withBean(Slow.class).run((context) -> {
            Slow slow = context.getBean(Slow.class);
            Sender<String> sender = context.getBean(Bindings.class).sender("slow", String.class);
            sender.send("one");
            assertThat(slow.begun.poll(60, SECONDS)).isEqualTo("one");

            BindingLifecycle lifecycle = context.getBean(BindingLifecycle.class);
            CountDownLatch stopped = new CountDownLatch(1);
            lifecycle.stop(stopped::countDown);
            assertThat(stopped.getCount()).isEqualTo(1);
            slow.go.countDown();
            assertThat(stopped.await(60, SECONDS)).isTrue();
            assertThat(slow.done).containsExactly("one");

            sender.send("two");
            assertThat(context.getBean(Bindings.class).subscriptions())
                    .extracting(Subscription::state)
                    .containsOnly(Subscription.State.PAUSED);
            assertThat(slow.begun).isEmpty();
            lifecycle.start();
            assertThat(slow.begun.poll(60, SECONDS)).isEqualTo("two");
        });
    }

    record Order(String sku, int quantity) {}

    record Invoice(String sku) {}

    @Binding(value = "history", group = "projection")
    static class Projection {

        @Binding
        public void ordered(Order order) {}

        @Binding
        public void invoiced(Invoice invoice) {}
    }

    /** Makes as if the broker were somewhere else. */
    private record RemoteFactory(MemoryBroker broker) implements BindingBackendFactory {

        @Override
        public String type() {
            return "remote";
        }

        @Override
        public BindingBackend create(Settings settings) {
            return new OutsideBackend(
                    broker.connect(settings.channel(), settings.destination(), MemoryBindingOptions.defaults()));
        }
    }

    static class Shop {

        final BlockingQueue<Order> received = new LinkedBlockingQueue<>();
        final BlockingQueue<Invoice> invoices = new LinkedBlockingQueue<>();
        final Sender<Order> orders;

        Shop(@Binding("orders") Sender<Order> orders) {
            this.orders = orders;
        }

        @Binding(value = "orders", sendTo = "invoices", concurrency = "4", ordering = Ordering.KEY)
        Invoice bill(Order order) {
            received.add(order);
            return new Invoice(order.sku());
        }

        @Binding("invoices")
        void on(Invoice invoice) {
            invoices.add(invoice);
        }
    }

    static class Answering {

        @Binding("questions")
        int answer(String question) {
            return 42;
        }
    }

    @Binding("mixed")
    static class Dispatching {

        final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

        @Binding
        public void order(Order order) {
            seen.add("order " + order.sku());
        }

        @Binding
        public void invoice(Event<Invoice> event) {
            seen.add("invoice " + event.data().sku());
        }

        @Binding
        public Outcome rest(Event<?> event) {
            seen.add("rest " + event.type());
            return Outcome.ack();
        }
    }

    static class Failing {

        final BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
        final BlockingQueue<Order> handled = new LinkedBlockingQueue<>();
        volatile boolean working;

        @Binding(value = "orders", maxAttempts = "2")
        void on(Order order) {
            if (!working) {
                throw new IllegalStateException("not now");
            }
            handled.add(order);
        }

        @BindingFallback("orders")
        Outcome exhausted(Failure failure) {
            failures.add(failure);
            return Outcome.deadLetter("Nothing helped.");
        }
    }

    static class Slow {

        final BlockingQueue<String> begun = new LinkedBlockingQueue<>();
        final BlockingQueue<String> done = new LinkedBlockingQueue<>();
        final CountDownLatch go = new CountDownLatch(1);

        @Binding("slow")
        void on(String text) throws InterruptedException {
            begun.add(text);
            go.await();
            done.add(text);
        }
    }
}
