// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What customers are about to buy. A cart disappears when nobody touches it for the store's time to live. */
// tag::compute[]
@RestController
@RequestMapping("/carts/{id}")
class CartController {

    private static final int MOST = 100;

    private final KeyValueStore<Cart> carts;
    private final KeyValueStore<Product> products;

    CartController(@StateStore("shop") KeyValueStore<Cart> carts, @StateStore("shop") KeyValueStore<Product> products) {
        this.carts = carts;
        this.products = products;
    }

    @PostMapping("/items")
    Cart add(@PathVariable String id, @RequestBody Item item) {
        String sku = item.sku();
        if (sku == null || item.quantity() < 1 || item.quantity() > MOST) {
            throw Problems.badRequest("Name a sku and take 1 to %d at a time.".formatted(MOST));
        }
        Product product = products.get(Product.key(sku))
                .orElseThrow(() -> Problems.badRequest("There is no product '%s'.".formatted(sku)));
        // Two tabs may add at once: compute runs the function again if another write came between.
        return carts.compute(Cart.key(id), Cart.EMPTY, cart -> cart.add(product.sku(), item.quantity()));
    }
    // end::compute[]

    @GetMapping
    ResponseEntity<Cart> get(@PathVariable String id) {
        return carts.find(Cart.key(id)).map(ETags::ok).orElseThrow(() -> Problems.notFound("cart '%s'".formatted(id)));
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void remove(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        if (ifMatch == null) {
            carts.remove(Cart.key(id));
        } else if (!carts.remove(Cart.key(id), ETags.version(ifMatch)).applied()) {
            throw Problems.preconditionFailed("Cart '%s' is not what you think; read it again.".formatted(id));
        }
    }

    /** A product to add. */
    record Item(@Nullable String sku, int quantity) {}
}
