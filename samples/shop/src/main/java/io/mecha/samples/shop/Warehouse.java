// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.binding.Binding;
import io.mecha.state.KeyValueStore;
import io.mecha.state.Precondition;
import io.mecha.state.PutOptions;
import io.mecha.state.StateContentionException;
import io.mecha.state.StateStore;
import io.mecha.state.Transaction;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Conflict;
import io.mecha.state.Versioned;
import io.mecha.state.spi.Transactions;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** The warehouse, which puts the goods of an order aside once, however often the event arrives. */
@Component
class Warehouse {

    private final KeyValueStore<Object> shop;
    private final KeyValueStore<Order> orders;
    private final KeyValueStore<Product> products;

    Warehouse(
            @StateStore(value = "shop", requires = Transactions.class) KeyValueStore<Object> shop,
            @StateStore("shop") KeyValueStore<Order> orders,
            @StateStore("shop") KeyValueStore<Product> products) {
        this.shop = shop;
        this.orders = orders;
        this.products = products;
    }

    // tag::receive[]
    @Binding(value = "orders", group = "warehouse", notRetryable = OutOfStock.class, sendTo = "reservations")
    StockReserved reserve(OrderPlaced event) {
        Versioned<Order> order = orders.find(Order.key(event.order())).orElseThrow();
        if (order.value().status() == Order.Status.PLACED) {
            putAside(order);
        }
        return new StockReserved(event.order());
    }
    // end::receive[]

    private void putAside(Versioned<Order> order) {
        List<Versioned<Product>> wanted = new ArrayList<>();
        for (Order.Line line : order.value().lines()) {
            Versioned<Product> product = products.find(Product.key(line.sku())).orElseThrow();
            if (product.value().stock() < line.quantity()) {
                throw new OutOfStock(product.value(), line.quantity());
            }
            wanted.add(product);
        }
        TransactionResult result = shop.transact(tx -> {
            for (int index = 0; index < wanted.size(); index++) {
                Order.Line line = order.value().lines().get(index);
                Versioned<Product> product = wanted.get(index);
                put(tx, Product.key(line.sku()), product.value().sell(line.quantity()), product.version());
            }
            put(tx, Order.key(order.value().id()), order.value().with(Order.Status.RESERVED), order.version());
        });
        if (result instanceof Conflict conflict) {
            throw new StateContentionException("shop", conflict.key(), 1); // tried again by the channel
        }
    }

    private static void put(Transaction<Object> tx, String key, Object value, String version) {
        tx.put(key, value, PutOptions.noExpiry(), Precondition.version(version));
    }
}
