// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.test.TestClock;
import io.mecha.test.autoconfigure.MechaTest;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

// tag::test[]
@MechaTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ShopTests {

    @Autowired
    private TestClock clock;
    // end::test[]

    @Autowired
    @StateStore("shop")
    private KeyValueStore<Product> products;

    @LocalServerPort
    private int port;

    private ShopClient shop;

    @BeforeEach
    void connect() {
        shop = new ShopClient("http://localhost:" + port);
    }

    @Test
    void sellsTea() {
        new ShopScript(shop).run();

        new ShopScript(shop).find();
    }

    // tag::expiry[]
    @Test
    void forgetsCartsThatNobodyTouches() {
        shop.send("POST", "/carts/ada/items", "{\"sku\":\"tea\",\"quantity\":1}");
        clock.advance(Duration.ofDays(29));
        shop.send("POST", "/carts/ada/items", "{\"sku\":\"tea\",\"quantity\":1}");

        clock.advance(Duration.ofDays(29));
        assertThat(shop.get("/carts/ada").status()).isEqualTo(200);

        clock.advance(Duration.ofDays(1));
        assertThat(shop.get("/carts/ada").status()).isEqualTo(404);
    }
    // end::expiry[]

    @Test
    void keepsProductsAndOrders() {
        shop.send("POST", "/carts/ada/items", "{\"sku\":\"tea\",\"quantity\":1}");
        shop.send("PUT", "/orders/1", "{\"cart\":\"ada\"}");

        clock.advance(Duration.ofDays(365));

        assertThat(shop.get("/orders/1").status()).isEqualTo(200);
        assertThat(products.find(Product.key("tea")).orElseThrow().expiresAt()).isNull();
    }
}
