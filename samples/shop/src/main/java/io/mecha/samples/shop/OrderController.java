// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.coordination.Idempotent;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The orders of customers. */
@RestController
@RequestMapping("/orders")
class OrderController {

    private final Checkout checkout;
    private final KeyValueStore<Order> orders;

    OrderController(Checkout checkout, @StateStore("shop") KeyValueStore<Order> orders) {
        this.checkout = checkout;
        this.orders = orders;
    }

    @GetMapping
    Listing<Order> list(
            @RequestParam(defaultValue = "20") int size, @RequestParam(required = false) @Nullable String after) {
        return Listing.of(orders, Order.KEYS, size, after);
    }

    @GetMapping("/{id}")
    Order get(@PathVariable String id) {
        return orders.get(Order.key(id)).orElseThrow(() -> Problems.notFound("order '%s'".formatted(id)));
    }

    @PutMapping("/{id}")
    Order place(@PathVariable String id, @RequestBody Request request) {
        String cart = request.cart();
        if (cart == null || cart.isBlank()) {
            throw Problems.badRequest("Say which cart to buy.");
        }
        return checkout.place(id, cart);
    }

    // tag::key[]
    @PostMapping
    @Idempotent
    @Transactional
    public ResponseEntity<Order> place(@RequestBody Request request) {
        Order order = place(UUID.randomUUID().toString(), request);
        return ResponseEntity.created(URI.create("/orders/" + order.id())).body(order);
    }
    // end::key[]

    /** Which cart to buy. */
    record Request(@Nullable String cart) {}
}
