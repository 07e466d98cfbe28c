// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.samples.shop.ShopClient.Answer;
import io.mecha.test.Eventually;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** What every shop does, whatever its backend; leaves cart {@code left} and order {@code bought} behind. */
final class ShopScript {

    private final ShopClient shop;

    ShopScript(ShopClient shop) {
        this.shop = shop;
    }

    void run() {
        listsProductsInPages();
        refusesToOverwriteWhatOthersChanged();
        losesNothingThatIsAddedAtOnce();
        buysOnce();
        ordersOnceForEachKey();
        keepsWhatCannotBeDeliveredUntilItCan();
        neverSellsMoreThanThereIs();
        saysWhatIsWrong();
        shop.send("POST", "/carts/left/items", "{\"sku\":\"tea\",\"quantity\":3}");
    }

    /** What a shop that was started again still has. */
    void find() {
        assertThat(shop.get("/carts/left").body().at("/items/tea").asInt()).isEqualTo(3);
        assertThat(shop.get("/orders/bought").body().at("/status").asString()).isEqualTo("INVOICED");
        assertThat(shop.get("/invoices/bought").body().at("/total").asDecimal()).isEqualByComparingTo("57.70");
        assertThat(shop.get("/products/pot").body().at("/stock").asInt()).isEqualTo(8);
    }

    private void listsProductsInPages() {
        Answer first = shop.get("/products?size=2");
        String next = URLEncoder.encode(first.body().at("/next").asString(), StandardCharsets.UTF_8);
        Answer second = shop.get("/products?size=2&after=" + next);

        assertThat(first.body().at("/items")).hasSize(2);
        assertThat(second.body().at("/items")).hasSize(1);
        assertThat(second.body().at("/next").isNull()).isTrue();
    }

    private void refusesToOverwriteWhatOthersChanged() {
        String honey = "{\"name\":\"Honey\",\"price\":5.50,\"stock\":4}";
        Answer created = shop.send("PUT", "/products/honey", honey);
        Answer again = shop.send("PUT", "/products/honey", honey);
        Answer changed = shop.send("PUT", "/products/honey", honey, "If-Match", created.etag());
        Answer stale = shop.send("PUT", "/products/honey", honey, "If-Match", created.etag());

        assertThat(created.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(412);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(stale.status()).isEqualTo(412);
        assertThat(shop.get("/products/honey").etag()).isEqualTo(changed.etag());
    }

    private void losesNothingThatIsAddedAtOnce() {
        all(IntStream.range(0, 8)
                .mapToObj(tab -> later("POST", "/carts/tabs/items", "{\"sku\":\"cup\",\"quantity\":1}"))
                .toList());

        assertThat(shop.get("/carts/tabs").body().at("/items/cup").asInt()).isEqualTo(8);
        assertThat(shop.send("DELETE", "/carts/tabs", null, "If-Match", "\"stale\"")
                        .status())
                .isEqualTo(412);
        assertThat(shop.send("DELETE", "/carts/tabs", null).status()).isEqualTo(204);
        assertThat(shop.get("/carts/tabs").status()).isEqualTo(404);
    }

    private void buysOnce() {
        shop.send("POST", "/carts/ada/items", "{\"sku\":\"pot\",\"quantity\":2}");
        shop.send("POST", "/carts/ada/items", "{\"sku\":\"tea\",\"quantity\":1}");
        shop.send(
                "PUT",
                "/products/tea",
                tea("8.70"),
                "If-Match",
                shop.get("/products/tea").etag());
        Answer bought = shop.send("PUT", "/orders/bought", "{\"cart\":\"ada\"}");
        Answer twice = shop.send("PUT", "/orders/bought", "{\"cart\":\"ada\"}");
        Answer other = shop.send("PUT", "/orders/bought", "{\"cart\":\"bob\"}");

        assertThat(bought.status()).isEqualTo(200);
        assertThat(bought.body().at("/total").asDecimal()).isEqualByComparingTo("57.70");
        assertThat(twice.body().at("/placedAt")).isEqualTo(bought.body().at("/placedAt"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(shop.get("/carts/ada").status()).isEqualTo(404);
        awaitStatus("bought", "INVOICED");
        assertThat(shop.get("/invoices/bought").body().at("/total").asDecimal()).isEqualByComparingTo("57.70");
        assertThat(shop.get("/products/pot").body().at("/stock").asInt()).isEqualTo(8);
    }

    private void ordersOnceForEachKey() {
        shop.send("POST", "/carts/kim/items", "{\"sku\":\"cup\",\"quantity\":1}");
        Answer first = shop.send("POST", "/orders", "{\"cart\":\"kim\"}", "Idempotency-Key", "\"kim-1\"");
        Answer again = shop.send("POST", "/orders", "{ \"cart\": \"kim\" }", "Idempotency-Key", "\"kim-1\"");
        Answer other = shop.send("POST", "/orders", "{\"cart\":\"ada\"}", "Idempotency-Key", "\"kim-1\"");

        assertThat(first.status()).isEqualTo(201);
        assertThat(again).isEqualTo(first);
        assertThat(other.status()).isEqualTo(422);
        assertThat(shop.send("POST", "/orders", "{\"cart\":\"kim\"}").status()).isEqualTo(400);
        assertThat(shop.get("/carts/kim").status()).isEqualTo(404);
        awaitStatus(first.body().at("/id").asString(), "INVOICED");
    }

    private void keepsWhatCannotBeDeliveredUntilItCan() {
        shop.send("POST", "/carts/eve/items", "{\"sku\":\"honey\",\"quantity\":9}");
        Answer placed = shop.send("PUT", "/orders/wait", "{\"cart\":\"eve\"}");
        assertThat(placed.body().at("/status").asString()).isEqualTo("PLACED");
        eventually(() -> assertThat(deadLetters()).isEqualTo(1));
        assertThat(shop.get("/orders/wait").body().at("/status").asString()).isEqualTo("PLACED");

        shop.send("POST", "/products/honey/deliveries", "{\"quantity\":9}");
        Answer redriven = shop.send("POST", "/actuator/mechabindings/orders/redrive", "{\"group\":\"warehouse\"}");

        assertThat(redriven.status()).isEqualTo(200);
        awaitStatus("wait", "INVOICED");
        assertThat(shop.get("/products/honey").body().at("/stock").asInt()).isEqualTo(4);
        eventually(() -> assertThat(deadLetters()).isZero());
        Answer drained = shop.send(
                "POST", "/actuator/mechabindings/orders/drain", "{\"group\":\"warehouse\",\"timeout\":\"60s\"}");
        assertThat(drained.body().at("/drained").asBoolean()).isTrue();
        assertThat(drained.body().toString()).contains("paused");
        assertThat(shop.send("POST", "/actuator/mechabindings/orders/resume", "{}")
                        .status())
                .isEqualTo(200);
    }

    private int deadLetters() {
        return shop.get("/actuator/mecha/bindings/orders")
                .body()
                .at("/details/groups/0/deadLetters")
                .asInt(0);
    }

    private void awaitStatus(String order, String status) {
        eventually(() -> assertThat(
                        shop.get("/orders/" + order).body().at("/status").asString())
                .isEqualTo(status));
    }

    private static void eventually(Runnable assertions) {
        Eventually.eventually(Duration.ofMinutes(1), assertions);
    }

    private static String tea(String price) {
        return "{\"name\":\"Green tea, 100 g\",\"price\":%s,\"stock\":50}".formatted(price);
    }

    /** Six customers want one of four jars: four get one, and two orders wait. */
    private void neverSellsMoreThanThereIs() {
        List<Integer> customers = IntStream.range(0, 6).boxed().toList();
        customers.forEach(id -> shop.send("POST", "/carts/c" + id + "/items", "{\"sku\":\"honey\",\"quantity\":1}"));
        List<Answer> answers = all(customers.stream()
                .map(id -> later("PUT", "/orders/c" + id, "{\"cart\":\"c%d\"}".formatted(id)))
                .toList());

        assertThat(answers).allMatch(answer -> answer.status() == 200);
        eventually(() -> assertThat(customers.stream()
                        .filter(id -> shop.get("/orders/c" + id)
                                .body()
                                .at("/status")
                                .asString()
                                .equals("INVOICED")))
                .hasSize(4));
        assertThat(shop.get("/products/honey").body().at("/stock").asInt()).isZero();
        eventually(() -> assertThat(deadLetters()).isEqualTo(2));
    }

    private void saysWhatIsWrong() {
        assertThat(shop.get("/orders/unknown").status()).isEqualTo(404);
        assertThat(shop.get("/carts/" + "x".repeat(600)).status()).isEqualTo(400);
        assertThat(shop.get("/orders?after=forged").status()).isEqualTo(400);
        assertThat(shop.get("/orders?size=0").status()).isEqualTo(400);
        assertThat(shop.send("POST", "/carts/ada/items", "{\"sku\":\"tea\"}").status())
                .isEqualTo(400);
        assertThat(shop.send("PUT", "/orders/empty", "{}").status()).isEqualTo(400);
    }

    private CompletableFuture<Answer> later(String method, String path, String body) {
        return CompletableFuture.supplyAsync(() -> shop.send(method, path, body));
    }

    private static List<Answer> all(List<CompletableFuture<Answer>> answers) {
        return answers.stream().map(CompletableFuture::join).toList();
    }
}
