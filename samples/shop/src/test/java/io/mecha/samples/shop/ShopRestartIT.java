// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.test.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopRestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void findsCartsAndOrdersAgain(@TempDir Path directory) {
        try (ShopProcess shop = ShopProcess.start(directory)) {
            new ShopScript(shop.client()).run();
        }

        ShopProcess second = ShopProcess.start(directory);
        try {
            new ShopScript(second.client()).find();
            second.client().send("POST", "/carts/last/items", "{\"sku\":\"tea\",\"quantity\":1}");
        } finally {
            second.kill();
        }

        try (ShopProcess third = ShopProcess.start(directory)) {
            new ShopScript(third.client()).find();
            assertThat(third.client().get("/carts/last").status()).isEqualTo(200);
            List<String> advice = third.advice();
            assertThat(advice)
                    .hasSizeGreaterThan(4)
                    .allSatisfy(line -> Eventually.eventually(
                            PATIENCE,
                            () -> assertThat(third.client().curl(line).status()).isIn(200, 201)));
        }
    }
}
