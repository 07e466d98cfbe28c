// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.guide;

import static io.mecha.binding.SendOption.attribute;
import static io.mecha.binding.SendOption.delay;
import static io.mecha.binding.SendOption.key;
import static io.mecha.binding.SendOption.timeToLive;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.RetryPolicy;
import io.mecha.binding.Attribute;
import io.mecha.binding.Batch;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import io.mecha.binding.Bindings;
import io.mecha.binding.Event;
import io.mecha.binding.Failure;
import io.mecha.binding.Filter;
import io.mecha.binding.Header;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.Receipt;
import io.mecha.binding.Sender;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.test.TestClock;
import io.mecha.test.autoconfigure.MechaTest;
import io.mecha.test.autoconfigure.SentEvents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;

/** The code of docs/bindings.md. */
@MechaTest(properties = "spring.application.name=shop")
class BindingsGuideTests {

    record OrderPlaced(String id, String country, int total) {}

    record OrderCancelled(String id) {}

    record Invoice(String order) {}

    record Price(int cents) {}

    static final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

    // tag::send[]
    @Service
    static class Checkout {

        private final Sender<OrderPlaced> orders;

        Checkout(@Binding("orders") Sender<OrderPlaced> orders) {
            this.orders = orders;
        }

        void place(OrderPlaced order) {
            orders.with(key(order.id())).send(order); // returns when the backend has it
        }
    }
    // end::send[]

    // tag::receive[]
    @Component
    static class Billing {

        @Binding("orders")
        void bill(OrderPlaced order) { // returns: acknowledged; throws: tried again
            seen.add(new Invoice(order.id()));
        }
    }
    // end::receive[]

    // tag::parameters[]
    @Component
    static class Audit {

        @Binding(value = "orders", group = "audit")
        Outcome record(
                Event<OrderPlaced> event,
                @Attribute("partitionkey") Optional<String> key,
                @Header("x-client") @Nullable String client) {
            if (event.data().total() < 0) {
                return Outcome.deadLetter("A total below zero."); // no retry, no fallback
            }
            seen.add(event.type() + " " + key.orElse("-") + " " + client);
            return Outcome.ack(); // or retry(), retry(Duration), drop()
        }
    }
    // end::parameters[]

    // tag::dispatch[]
    @Component
    @Binding(value = "history", group = "projection")
    static class Projection {

        @Binding
        public void placed(OrderPlaced order) {
            seen.add("placed " + order.id());
        }

        @Binding
        public void cancelled(OrderCancelled order) {
            seen.add("cancelled " + order.id());
        }

        @Binding
        public void other(Event<?> event) {
            seen.add("other " + event.type());
        }
    }
    // end::dispatch[]

    // tag::filter[]
    @Component
    static class Customs {

        @Binding(value = "parcels", filter = "priority > 3 AND DATA('/country') NOT IN ('DE', 'FR')")
        void declare(OrderPlaced order) {
            seen.add(order);
        }
    }
    // end::filter[]

    // tag::order[]
    @Component
    static class Accounts {

        @Binding(value = "bookings", ordering = Ordering.KEY, concurrency = "100")
        void book(OrderPlaced order) {
            seen.add(order);
        }
    }
    // end::order[]

    // tag::fallback[]
    @Component
    static class Shipping {

        volatile boolean open;

        @Binding(value = "shipments", maxAttempts = "3", notRetryable = IllegalArgumentException.class)
        void ship(OrderPlaced order) {
            if (!open) {
                throw new IllegalStateException("The warehouse is closed.");
            }
            seen.add("shipped " + order.id());
        }

        @BindingFallback("shipments")
        Outcome giveUp(OrderPlaced order, Failure failure) {
            seen.add(failure.attempts() + " attempts");
            return Outcome.deadLetter("Still closed.");
        }
    }
    // end::fallback[]

    // tag::batch[]
    @Component
    static class Search {

        @Binding(value = "documents", batchSize = "500")
        void index(Batch<OrderPlaced> batch) {
            for (int i = 0; i < batch.size(); i++) {
                if (batch.events().get(i).data().id().isBlank()) {
                    batch.deadLetter(i, "No id."); // the others are acknowledged
                }
            }
            seen.add(batch.payloads());
        }
    }
    // end::batch[]

    // tag::pipe[]
    @Component
    static class Pricing {

        @Binding(value = "paid", sendTo = "invoices")
        Invoice invoice(OrderPlaced order) { // sent to "invoices", then "paid" is acknowledged
            return new Invoice(order.id());
        }

        @Binding("prices")
        Price price(String sku) { // the reply to the request
            return new Price(sku.length() * 100);
        }

        @Binding("invoices")
        void book(Invoice invoice) {
            seen.add(invoice);
        }
    }
    // end::pipe[]

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({
        Checkout.class,
        Billing.class,
        Audit.class,
        Projection.class,
        Customs.class,
        Accounts.class,
        Shipping.class,
        Search.class,
        Pricing.class
    })
    static class Application {}

    @Autowired
    private Bindings bindings;

    private final OrderPlaced order = new OrderPlaced("o-1", "NL", 20);

    @BeforeEach
    void forget() {
        seen.clear();
    }

    private static Object next() throws InterruptedException {
        return Optional.ofNullable(seen.poll(60, SECONDS)).orElse("nothing");
    }

    @Test
    void sendsAndReceivesInEveryGroup(@Autowired Checkout checkout) throws InterruptedException {
        checkout.place(order);

        assertThat(List.of(next(), next()))
                .containsExactlyInAnyOrder(new Invoice("o-1"), OrderPlaced.class.getCanonicalName() + " o-1 null");
    }

    @Test
    void dispatchesByType() throws InterruptedException {
        bindings.sender("history", OrderPlaced.class).send(order);
        bindings.sender("history", OrderCancelled.class).send(new OrderCancelled("o-1"));
        bindings.sender("history", String.class).send("text");

        assertThat(List.of(next(), next(), next()))
                .containsExactlyInAnyOrder("placed o-1", "cancelled o-1", "other java.lang.String");
    }

    @Test
    void filters() throws InterruptedException {
        Sender<OrderPlaced> parcels = bindings.sender("parcels", OrderPlaced.class);

        parcels.with(attribute("priority", 1)).send(order);
        parcels.with(attribute("priority", 5)).send(new OrderPlaced("o-2", "DE", 1));
        parcels.with(attribute("priority", 5)).send(order);

        assertThat(next()).isEqualTo(order);
    }

    @Test
    void keepsTheOrderOfKeys() throws InterruptedException {
        Sender<OrderPlaced> bookings =
                bindings.sender("bookings", OrderPlaced.class).with(key("ada"));

        bookings.sendAll(List.of(order, new OrderPlaced("o-2", "NL", 1)));

        assertThat(List.of(next(), next())).containsExactly(order, new OrderPlaced("o-2", "NL", 1));
    }

    // tag::test[]
    @Test
    void triesAgainGivesUpAndSendsBack(@Autowired Shipping shipping, @Autowired TestClock clock) {
        bindings.sender("shipments", OrderPlaced.class).send(order);

        await().untilAsserted(() -> {
            clock.advance(Duration.ofSeconds(1)); // time stands still, and retries wait, until the test moves it
            assertThat(seen.poll()).isEqualTo("3 attempts");
        });
        shipping.open = true;

        await().until(() -> bindings.redrive("shipments", "shop", 100) == 1);
        await().untilAsserted(() -> assertThat(seen.poll()).isEqualTo("shipped o-1"));
    }
    // end::test[]

    // tag::sent[]
    @Test
    void sendsAnInvoiceForWhatIsPaid(@Autowired SentEvents sent) {
        bindings.sender("paid", OrderPlaced.class).send(order);

        await().untilAsserted(() -> assertThat(sent.to("invoices", Invoice.class))
                .extracting(Event::data)
                .containsExactly(new Invoice("o-1")));
    }
    // end::sent[]

    @Test
    void handlesBatches(@Autowired TestClock clock) {
        bindings.sender("documents", OrderPlaced.class).send(order);

        await().untilAsserted(() -> {
            clock.advance(Duration.ofMillis(20));
            assertThat(seen.poll()).isEqualTo(List.of(order));
        });
    }

    @Test
    void pipesAndReplies() throws InterruptedException {
        bindings.sender("paid", OrderPlaced.class).send(order);
        assertThat(next()).isEqualTo(new Invoice("o-1"));

        // tag::request[]
        Sender<String> prices = bindings.sender("prices", String.class);
        Price price = prices.request("tea", Price.class, Duration.ofSeconds(10));
        // end::request[]
        assertThat(price.cents()).isEqualTo(300);
    }

    @Test
    void sendsInManyWays() {
        Sender<OrderPlaced> sender = bindings.sender("outgoing", OrderPlaced.class);

        // tag::sending[]
        Receipt receipt = sender.send(order);
        CompletionStage<Receipt> later = sender.sendAsync(order); // completes when the backend has it
        List<Receipt> receipts = sender.sendAll(List.of(order, order)); // few round trips, not atomic
        sender.send(Event.of("order.placed", order)); // attributes of your own; the rest is filled in
        sender.with(key("ada"), delay(Duration.ofMinutes(5)), timeToLive(Duration.ofHours(1)))
                .send(order);
        // end::sending[]

        assertThat(receipt.id()).isNotEmpty();
        assertThat(later.toCompletableFuture().join().id()).isNotEqualTo(receipt.id());
        assertThat(receipts).hasSize(2);
    }

    @Test
    void delays(@Autowired TestClock clock) throws InterruptedException {
        Sender<OrderPlaced> bookings = bindings.sender("bookings", OrderPlaced.class);

        // tag::delay[]
        bookings.with(delay(Duration.ofMinutes(5))).send(order);
        assertThat(seen).isEmpty();
        clock.advance(Duration.ofMinutes(5));
        assertThat(seen.poll(60, SECONDS)).isEqualTo(order);
        // end::delay[]
    }

    @Test
    void subscribesAtRunTime() throws InterruptedException {
        // tag::subscribe[]
        SubscriptionSpec<OrderPlaced> spec = SubscriptionSpec.of("alerts", OrderPlaced.class)
                .types("order.placed")
                .filter(Filter.any(Filter.exact(Map.of("subject", "vip")), Filter.sql("total > 1000")))
                .options(SubscriptionOptions.builder()
                        .group("night")
                        .concurrency(8)
                        .retry(RetryPolicy.DEFAULT)
                        .build())
                .fallback((event, failure) -> Outcome.drop())
                .build();
        Subscription subscription = bindings.subscribe(spec, event -> {
            seen.add(event.data());
            return Outcome.ack();
        });

        bindings.sender("alerts", OrderPlaced.class)
                .send(Event.of("order.placed", order).toBuilder().subject("vip").build());
        // end::subscribe[]
        assertThat(next()).isEqualTo(order);

        // tag::control[]
        subscription.pause(); // takes no more; handlers that run go on
        subscription.resume();
        boolean quiet = subscription.drain(Duration.ofSeconds(10)); // pauses, and waits for handlers
        subscription.close(); // drains, then gives back what is not handled
        // end::control[]
        assertThat(quiet).isTrue();
    }

    @Test
    void repeatsNothingThatWasAcknowledged() {
        AtomicInteger calls = new AtomicInteger();
        try (Subscription subscription =
                bindings.subscribe(SubscriptionSpec.of("once", String.class).build(), event -> {
                    calls.incrementAndGet();
                    return Outcome.ack();
                })) {
            bindings.sender("once", String.class).send("text");
            await().until(() -> calls.get() == 1 && subscription.inFlight() == 0);
        }
        assertThat(calls).hasValue(1);
    }
}
