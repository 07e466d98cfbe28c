// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A shop on a platform: probes on its port, and prices in a mounted tree of files. */
class ShopLifecycleTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void followsPricesWhileItIsOpenAndAnswersProbes(@TempDir Path directory) throws IOException {
        Path tree = mount(directory, "first", "0");
        try (ConfigurableApplicationContext context = SpringApplication.run(
                ShopApplication.class,
                "--server.port=0",
                "--mecha.data-directory=" + directory.resolve("data"),
                "--mecha.lifecycle.probes.additional-paths=true",
                "--spring.config.import=configtree:" + tree + "/",
                "--mecha.lifecycle.config.watch=configtree:" + tree + "/")) {
            ShopClient shop = new ShopClient(
                    "http://localhost:" + context.getEnvironment().getProperty("local.server.port"));
            assertThat(shop.get("/livez").status()).isEqualTo(200);
            assertThat(shop.get("/readyz").status()).isEqualTo(200);
            assertThat(shop.get("/startupz").status()).isEqualTo(200);
            Prices prices = context.getBean(Prices.class);
            Product tea = new Product("tea", "Green tea, 100 g", new BigDecimal("6.90"), 50);
            assertThat(total(shop, "before")).isEqualByComparingTo("6.90");

            mount(directory, "second", "50");

            eventually(PATIENCE, () -> assertThat(prices.of(tea)).isEqualByComparingTo("3.45"));
            assertThat(total(shop, "after")).isEqualByComparingTo("3.45");
        }
    }

    private static BigDecimal total(ShopClient shop, String order) {
        shop.send("POST", "/carts/" + order + "/items", "{\"sku\":\"tea\",\"quantity\":1}");
        return shop.send("PUT", "/orders/" + order, "{\"cart\":\"" + order + "\"}")
                .body()
                .at("/total")
                .asDecimal();
    }

    /** Changes the tree as Kubernetes does: a new directory, and one link that is replaced. */
    private static Path mount(Path directory, String version, String discount) throws IOException {
        Path tree = Files.createDirectories(directory.resolve("config"));
        Path files = Files.createDirectories(tree.resolve(".." + version));
        Files.writeString(files.resolve("shop.pricing.discount-percent"), discount);
        Path link = Files.createSymbolicLink(tree.resolve("..data_tmp"), files.getFileName());
        Files.move(link, tree.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        Path visible = tree.resolve("shop.pricing.discount-percent");
        if (!Files.isSymbolicLink(visible)) {
            Files.createSymbolicLink(visible, Path.of("..data", "shop.pricing.discount-percent"));
        }
        return tree;
    }
}
