// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** A guide of calls to try. */
@Component
class Guide {

    private static final Logger logger = LoggerFactory.getLogger(Guide.class);
    private static final String TEXT = """
            The shop is open. Try, in another terminal:

            curl -s $shop/products
            curl -s -H 'Content-Type: application/json' -d '{"sku":"tea","quantity":2}' $shop/carts/ada/items
            curl -s -i $shop/carts/ada
            curl -s -X PUT -H 'Content-Type: application/json' -d '{"cart":"ada"}' $shop/orders/1
            curl -s $shop/orders/1
            curl -s $shop/invoices/1
            curl -s -H 'Content-Type: application/json' -d '{"sku":"cup","quantity":1}' $shop/carts/kim/items
            curl -s -i -H 'Content-Type: application/json' -H 'Idempotency-Key: "kim-1"' -d '{"cart":"kim"}' $shop/orders
            curl -s $shop/reports/sales
            curl -s $shop/actuator/mecha

            Sell more than there is, and see the order in the dead letter; then have some delivered, and send it back:

            curl -s -H 'Content-Type: application/json' -d '{"sku":"pot","quantity":12}' $shop/carts/bob/items
            curl -s -X PUT -H 'Content-Type: application/json' -d '{"cart":"bob"}' $shop/orders/2
            curl -s $shop/actuator/mecha/bindings/orders
            curl -s -H 'Content-Type: application/json' -d '{"quantity":20}' $shop/products/pot/deliveries
            curl -s -X POST -H 'Content-Type: application/json' -d '{"group":"warehouse"}' $shop/actuator/mechabindings/orders/redrive
            curl -s $shop/orders/2

            Stop the shop with Ctrl+C and start it again: carts, orders and invoices are still there.
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
