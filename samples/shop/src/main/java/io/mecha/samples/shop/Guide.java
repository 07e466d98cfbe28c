// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says what to try. */
@Component
class Guide {

    private static final Logger logger = LoggerFactory.getLogger(Guide.class);
    private static final String TEXT = """
            The shop is open. Try, in another terminal:

            curl -s $shop/products
            curl -s -H 'Content-Type: application/json' -d '{"sku":"tea","quantity":2}' $shop/carts/ada/items
            curl -s -i $shop/carts/ada
            curl -s -X PUT -H 'Content-Type: application/json' -d '{"cart":"ada"}' $shop/orders/1
            curl -s $shop/orders
            curl -s $shop/actuator/mecha

            Stop the shop with Ctrl+C and start it again: carts and orders are still there.
            """;

    private final Environment environment;

    Guide(Environment environment) {
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void show() {
        String port = environment.getProperty("local.server.port");
        if (port != null) {
            logger.info("{}", TEXT.replace("$shop", "http://localhost:" + port));
        }
    }
}
