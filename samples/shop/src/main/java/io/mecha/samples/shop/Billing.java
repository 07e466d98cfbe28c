// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.binding.Binding;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.StateStore;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Writes the invoice of an order whose goods are put aside. */
@Component
class Billing {

    private final KeyValueStore<Order> orders;
    private final KeyValueStore<Invoice> invoices;
    private final InstantSource clock;

    Billing(
            @StateStore("shop") KeyValueStore<Order> orders,
            @StateStore("shop") KeyValueStore<Invoice> invoices,
            InstantSource clock) {
        this.orders = orders;
        this.invoices = invoices;
        this.clock = clock;
    }

    @Binding(value = "reservations", group = "billing")
    void bill(StockReserved reserved) {
        Order order = orders.get(Order.key(reserved.order())).orElseThrow();
        Invoice invoice = new Invoice(order.id(), order.total(), clock.instant());
        invoices.putIfAbsent(Invoice.key(order.id()), invoice, PutOptions.noExpiry());
        orders.put(Order.key(order.id()), order.with(Order.Status.INVOICED), PutOptions.noExpiry());
    }
}
