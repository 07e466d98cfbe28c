// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopPostgresIT {

    @Test
    void sellsTeaFromPostgres(@TempDir Path directory) throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                ShopProcess shop = ShopProcess.start(
                        directory,
                        "--spring.profiles.active=postgresql",
                        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres")) {
            new ShopScript(shop.client()).run();

            new ShopScript(shop.client()).find();
            assertThat(shop.client()
                            .get("/actuator/mecha/state/shop")
                            .body()
                            .at("/type")
                            .asString())
                    .isEqualTo("jdbc");
        }
    }
}
