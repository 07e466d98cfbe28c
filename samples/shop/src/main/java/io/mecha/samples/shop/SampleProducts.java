// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.StateStore;
import io.mecha.state.StateUnavailableException;
import java.math.BigDecimal;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Fills an empty shop; leaves alone what is there, so that it may run on every node at every start. A shop whose store is away
 * opens all the same.
 */
@Component
class SampleProducts implements ApplicationRunner {

    private static final Logger logger = LoggerFactory.getLogger(SampleProducts.class);

    private final KeyValueStore<Product> products;

    SampleProducts(@StateStore("shop") KeyValueStore<Product> products) {
        this.products = products;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        try {
            fill();
        } catch (StateUnavailableException away) {
            logger.warn("The shop opens, but without its sample products, which come with the next start", away);
        }
    }

    private void fill() {
        List.of(
                        new Product("tea", "Green tea, 100 g", new BigDecimal("6.90"), 50),
                        new Product("pot", "Tea pot, 1 l", new BigDecimal("24.50"), 10),
                        new Product("cup", "Tea cup", new BigDecimal("8.00"), 40))
                .forEach(product -> products.putIfAbsent(Product.key(product.sku()), product, PutOptions.noExpiry()));
    }
}
