// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import java.math.BigDecimal;

/** Something to buy. */
record Product(String sku, String name, BigDecimal price, int stock) {

    static final String KEYS = "product-";

    static String key(String sku) {
        return KEYS + sku;
    }

    Product sell(int quantity) {
        return new Product(sku, name, price, stock - quantity);
    }

    Product deliver(int quantity) {
        return sell(-quantity);
    }
}
