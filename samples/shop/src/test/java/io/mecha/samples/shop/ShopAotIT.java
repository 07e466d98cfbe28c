// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopAotIT {

    @Test
    void answersTheSameWhenProcessedAheadOfTime(@TempDir Path directory) {
        try (ShopProcess shop = ShopProcess.start(directory, "-Dspring.aot.enabled=true")) {
            assertThat(shop.output()).contains("Starting AOT-processed ShopApplication");

            new ShopScript(shop.client()).run();

            new ShopScript(shop.client()).find();
        }
    }
}
