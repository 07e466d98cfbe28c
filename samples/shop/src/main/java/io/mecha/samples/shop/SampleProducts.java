// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.lifecycle.Initializer;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.StateStore;
import java.math.BigDecimal;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The products of a new shop, put on the shelf once for all of its nodes. A shop whose store is away opens all the same, and is ready
 * when they are there.
 */
@Component
class SampleProducts {

    private final KeyValueStore<Product> products;

    SampleProducts(@StateStore("shop") KeyValueStore<Product> products) {
        this.products = products;
    }

    @Initializer(
            value = "sample-products",
            once = Initializer.Once.CLUSTER,
            maxAttempts = "1",
            onFailure = Initializer.OnFailure.KEEP_TRYING)
    void fill() {
        List.of(
                        new Product("tea", "Green tea, 100 g", new BigDecimal("6.90"), 50),
                        new Product("pot", "Tea pot, 1 l", new BigDecimal("24.50"), 10),
                        new Product("cup", "Tea cup", new BigDecimal("8.00"), 40))
                .forEach(product -> products.putIfAbsent(Product.key(product.sku()), product, PutOptions.noExpiry()));
    }
}
