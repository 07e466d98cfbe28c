// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.test.Eventually;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopOutboxIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void tellsTheWarehouseOfAnOrderWhoseShopWasKilledAfterTheCommit(@TempDir Path directory) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            String[] arguments = {
                "--spring.profiles.active=postgresql",
                "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                "--spring.datasource.username=postgres"
            };
            ShopProcess first = ShopProcess.start(directory, arguments);
            try {
                // Nobody receives, so the event cannot get further than the outbox before the kill.
                first.client().send("POST", "/actuator/mechabindings/orders/pause", "{}");
                first.client().send("POST", "/carts/ada/items", "{\"sku\":\"tea\",\"quantity\":2}");
                assertThat(first.client()
                                .send("PUT", "/orders/1", "{\"cart\":\"ada\"}")
                                .status())
                        .isEqualTo(200);
                assertThat(status(first)).isEqualTo("PLACED");
            } finally {
                first.kill();
            }

            try (ShopProcess second = ShopProcess.start(directory, arguments)) {
                Eventually.eventually(PATIENCE, () -> assertThat(status(second)).isEqualTo("INVOICED"));
                assertThat(second.client()
                                .get("/products/tea")
                                .body()
                                .at("/stock")
                                .asInt())
                        .as("stock after the event has arrived once")
                        .isEqualTo(48);
                assertThat(inboxed(postgres)).as("events in the inbox").isEqualTo(1);
            }
        }
    }

    private static int inboxed(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery(
                        "select count(*) from mecha_state where state_key like 'shop||inbox||orders/%'")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static String status(ShopProcess shop) {
        return shop.client().get("/orders/1").body().at("/status").asString();
    }
}
