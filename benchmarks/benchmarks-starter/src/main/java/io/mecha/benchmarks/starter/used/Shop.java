// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter.used;

import io.mecha.benchmarks.starter.web.Orders.Order;
import io.mecha.binding.Binding;
import io.mecha.binding.Sender;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import org.springframework.stereotype.Component;

@Component
class Shop {

    private final KeyValueStore<Order> orders;
    private final Sender<Order> shipments;

    Shop(@StateStore("orders") KeyValueStore<Order> orders, @Binding("shipments") Sender<Order> shipments) {
        this.orders = orders;
        this.shipments = shipments;
    }

    @Binding("placed")
    void place(Order order) {
        orders.put(order.id(), order);
        shipments.send(order);
    }
}
