// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.state.KeyValueStore;
import io.mecha.state.Precondition;
import io.mecha.state.PutOptions;
import io.mecha.state.ReadResult;
import io.mecha.state.ReadResult.Found;
import io.mecha.state.StateStore;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Conflict;
import io.mecha.state.Versioned;
import io.mecha.state.spi.Transactions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Service;

/** Turns a cart into an order: takes the goods from stock, writes the order and removes the cart, all or nothing. */
@Service
class Checkout {

    /** The store's time to live is for carts. */
    private static final PutOptions KEEP = PutOptions.noExpiry();

    private final KeyValueStore<Object> shop;
    private final KeyValueStore<Product> products;
    private final KeyValueStore<Cart> carts;
    private final KeyValueStore<Order> orders;
    private final InstantSource clock;

    Checkout(
            @StateStore(value = "shop", requires = Transactions.class) KeyValueStore<Object> shop,
            @StateStore("shop") KeyValueStore<Product> products,
            @StateStore("shop") KeyValueStore<Cart> carts,
            @StateStore("shop") KeyValueStore<Order> orders,
            InstantSource clock) {
        this.shop = shop;
        this.products = products;
        this.carts = carts;
        this.orders = orders;
        this.clock = clock;
    }

    /** Places an order under an id of the customer's choice, so that asking twice does not buy twice. */
    Order place(String id, String cartId) {
        Order placed = orders.get(Order.key(id)).orElse(null);
        if (placed != null) {
            return sameCart(placed, cartId);
        }
        Versioned<Cart> cart = carts.find(Cart.key(cartId))
                .orElseThrow(() -> Problems.conflict("There is no cart '%s'.".formatted(cartId)));
        List<Versioned<Product>> wanted = read(cart.value());
        List<Order.Line> lines = wanted.stream()
                .map(Versioned::value)
                .map(it -> new Order.Line(it.sku(), cart.value().quantity(it.sku()), it.price()))
                .toList();
        Order order = Order.of(id, cartId, lines, clock.instant());
        // tag::transact[]
        TransactionResult result = shop.transact(tx -> {
            tx.put(Order.key(id), order, KEEP, Precondition.ABSENT);
            for (Versioned<Product> product : wanted) {
                int quantity = cart.value().quantity(product.value().sku());
                Product rest = product.value().sell(quantity);
                tx.put(Product.key(rest.sku()), rest, KEEP, Precondition.version(product.version()));
            }
            tx.remove(Cart.key(cartId), cart.version());
        });
        if (result instanceof Conflict conflict) {
            throw Problems.conflict("Somebody changed '%s' meanwhile; try again.".formatted(conflict.key()));
        }
        return order;
        // end::transact[]
    }

    private static Order sameCart(Order placed, String cart) {
        if (!placed.cart().equals(cart)) {
            throw Problems.conflict("Order '%s' was placed for another cart.".formatted(placed.id()));
        }
        return placed;
    }

    private List<Versioned<Product>> read(Cart cart) {
        List<Versioned<Product>> found = new ArrayList<>();
        for (ReadResult<Product> result :
                products.getAll(cart.items().keySet().stream().map(Product::key).toList())) {
            if (!(result instanceof Found<Product> product)) {
                throw Problems.conflict("There is no '%s' any more.".formatted(result.key()));
            }
            Product value = product.entry().value();
            if (value.stock() < cart.quantity(value.sku())) {
                throw Problems.conflict("Only %d of '%s' are left.".formatted(value.stock(), value.sku()));
            }
            found.add(product.entry());
        }
        return found;
    }
}
