// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** The purchase of a customer, and its progress. */
record Order(String id, String cart, List<Line> lines, BigDecimal total, Instant placedAt, Status status) {

    static final String KEYS = "order-";

    Order {
        lines = List.copyOf(lines);
    }

    static Order of(String id, String cart, List<Line> lines, Instant placedAt) {
        BigDecimal total = lines.stream()
                .map(line -> line.price().multiply(BigDecimal.valueOf(line.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return new Order(id, cart, lines, total, placedAt, Status.PLACED);
    }

    static String key(String id) {
        return KEYS + id;
    }

    Order with(Status next) {
        return new Order(id, cart, lines, total, placedAt, next);
    }

    /** Steps of an order. */
    enum Status {
        PLACED,
        RESERVED,
        INVOICED
    }

    /** So many of one product, at the price of that moment. */
    record Line(String sku, int quantity, BigDecimal price) {}
}
