// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static io.mecha.binding.SendOption.attribute;
import static io.mecha.binding.SendOption.key;

import io.mecha.binding.Binding;
import io.mecha.binding.Sender;
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
import org.springframework.transaction.annotation.Transactional;

/** The checkout, which turns a cart into an order: it writes the order and removes the cart, all or nothing, and tells the warehouse. */
@Service
class Checkout {

    /** The store's time to live is for carts. */
    private static final PutOptions KEEP = PutOptions.noExpiry();

    private final KeyValueStore<Object> shop;
    private final KeyValueStore<Product> products;
    private final KeyValueStore<Cart> carts;
    private final KeyValueStore<Order> orders;
    private final Sender<OrderPlaced> placed;
    private final Prices prices;
    private final InstantSource clock;

    Checkout(
            @StateStore(value = "shop", requires = Transactions.class) KeyValueStore<Object> shop,
            @StateStore("shop") KeyValueStore<Product> products,
            @StateStore("shop") KeyValueStore<Cart> carts,
            @StateStore("shop") KeyValueStore<Order> orders,
            @Binding("orders") Sender<OrderPlaced> placed,
            Prices prices,
            InstantSource clock) {
        this.shop = shop;
        this.products = products;
        this.carts = carts;
        this.orders = orders;
        this.placed = placed;
        this.prices = prices;
        this.clock = clock;
    }

    /**
     * Places an order under an id of the customer's choice, so that asking twice does not buy twice.
     *
     * <p>On a database the outbox makes order and event one transaction. Elsewhere the shop may be killed between them; asking
     * again then sends the event again, and the warehouse knows what it has done.
     */
    // tag::send[]
    @Transactional
    public Order place(String id, String cartId) {
        Order order = orders.get(Order.key(id))
                .map(existing -> sameCart(existing, cartId))
                .orElseGet(() -> write(id, cartId));
        if (order.status() == Order.Status.PLACED) {
            placed.with(key(id), attribute("id", "placed-" + id)).send(new OrderPlaced(id));
        }
        return order;
    }
    // end::send[]

    private Order write(String id, String cartId) {
        Versioned<Cart> cart = carts.find(Cart.key(cartId))
                .orElseThrow(() -> Problems.conflict("There is no cart '%s'.".formatted(cartId)));
        Order order = Order.of(id, cartId, lines(cart.value()), clock.instant());
        // tag::transact[]
        TransactionResult result = shop.transact(tx -> {
            tx.put(Order.key(id), order, KEEP, Precondition.ABSENT);
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

    private List<Order.Line> lines(Cart cart) {
        List<Order.Line> lines = new ArrayList<>();
        for (ReadResult<Product> result :
                products.getAll(cart.items().keySet().stream().map(Product::key).toList())) {
            if (!(result instanceof Found<Product> product)) {
                throw Problems.conflict("There is no '%s' any more.".formatted(result.key()));
            }
            Product value = product.entry().value();
            lines.add(new Order.Line(value.sku(), cart.quantity(value.sku()), prices.of(value)));
        }
        return lines;
    }
}
