// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ShopPostgresIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void sellsTeaFromPostgresWithTwoNodes(@TempDir Path directory) throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                ShopProcess shop = start(directory, postgres)) {
            new ShopScript(shop.client()).run();

            new ShopScript(shop.client()).find();
            assertThat(shop.client()
                            .get("/actuator/mecha/state/shop")
                            .body()
                            .at("/type")
                            .asString())
                    .isEqualTo("jdbc");
            eventually(PATIENCE, () -> assertThat(leads(shop)).isTrue());
            assertThatAnotherNodeTakesOver(directory, postgres, shop);
        }
    }

    private static void assertThatAnotherNodeTakesOver(Path directory, EmbeddedPostgres postgres, ShopProcess leader) {
        try (ShopProcess other = start(directory, postgres)) {
            assertThat(sampleProducts(leader)).isEqualTo("done");
            assertThat(sampleProducts(other)).isEqualTo("done-before");
            eventually(
                    PATIENCE,
                    () -> assertThat(report(leader).at("/orders").asInt(0)).isPositive());
            assertThat(leads(leader)).isTrue();
            assertThat(leads(other)).isFalse();
            Instant last = madeAt(leader);

            leader.kill();

            eventually(PATIENCE, () -> assertThat(leads(other)).isTrue());
            eventually(PATIENCE, () -> assertThat(madeAt(other)).isAfter(last));
        }
    }

    private static ShopProcess start(Path directory, EmbeddedPostgres postgres) {
        return ShopProcess.start(
                directory,
                "--spring.profiles.active=postgresql",
                "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "--spring.datasource.username=postgres",
                "--mecha.coordination.election.lease=2s",
                "--shop.report-every=200ms");
    }

    private static boolean leads(ShopProcess shop) {
        return shop.client()
                .get("/actuator/mecha/coordination/sales-report")
                .body()
                .at("/details/state")
                .asString("")
                .equals("LEADING");
    }

    private static String sampleProducts(ShopProcess shop) {
        return shop.client()
                .get("/actuator/mecha/start/sample-products")
                .body()
                .at("/details/outcome")
                .asString("");
    }

    private static JsonNode report(ShopProcess shop) {
        return shop.client().get("/reports/sales").body();
    }

    private static Instant madeAt(ShopProcess shop) {
        return Instant.parse(report(shop).at("/madeAt").asString());
    }
}
