// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The cart of a customer: quantities by stock keeping unit. */
record Cart(Map<String, Integer> items) {

    static final Cart EMPTY = new Cart(Map.of());

    Cart {
        items = Collections.unmodifiableMap(new TreeMap<>(items));
    }

    static String key(String id) {
        return "cart-" + id;
    }

    int quantity(String sku) {
        return items.getOrDefault(sku, 0);
    }

    Cart add(String sku, int quantity) {
        Map<String, Integer> sum = new TreeMap<>(items);
        sum.merge(sku, quantity, Integer::sum);
        return new Cart(sum);
    }
}
