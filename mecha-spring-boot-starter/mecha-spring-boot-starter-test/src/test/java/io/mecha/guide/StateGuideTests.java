// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.codec.GenericType;
import io.mecha.state.Change;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.ReadResult;
import io.mecha.state.StateStore;
import io.mecha.state.StateStores;
import io.mecha.state.TransactionResult;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Conflict;
import io.mecha.state.WriteResult.Written;
import io.mecha.state.spi.Transactions;
import io.mecha.test.TestClock;
import io.mecha.test.autoconfigure.MechaTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Service;

/** The code of docs/state.md. */
@MechaTest
class StateGuideTests {

    record Item(String sku, int quantity) {}

    record Cart(Map<String, Integer> items) {

        static final Cart EMPTY = new Cart(Map.of());

        Cart add(Item item) {
            Map<String, Integer> sum = new TreeMap<>(items);
            sum.merge(item.sku(), item.quantity(), Integer::sum);
            return new Cart(sum);
        }
    }

    record Order(String id, Map<String, Integer> items) {}

    // tag::service[]
    @Service
    static class Carts {

        private final KeyValueStore<Cart> carts;

        Carts(@StateStore("carts") KeyValueStore<Cart> carts) {
            this.carts = carts;
        }

        Cart add(String customer, Item item) {
            return carts.compute(customer, Cart.EMPTY, cart -> cart.add(item));
        }
    }
    // end::service[]

    // tag::inject[]
    @Service
    static class Warehouse {

        final List<KeyValueStore<?>> used;

        Warehouse(
                @StateStore("stock") KeyValueStore<Integer> stock,
                @StateStore(value = "orders", requires = Transactions.class) KeyValueStore<List<Order>> orders,
                StateStores stores) {
            KeyValueStore<String> notes = stores.store("notes", String.class);
            KeyValueStore<Map<String, Item>> shelves = stores.store("shelves", new GenericType<>() {});
            this.used = List.of(stock, orders, notes, shelves);
        }
    }
    // end::inject[]

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Carts.class, Warehouse.class})
    static class Application {}

    @Autowired
    @StateStore("carts")
    private KeyValueStore<Cart> carts;

    private final Cart cart = new Cart(Map.of("tea", 1));
    private final Cart changed = new Cart(Map.of("tea", 2));

    @Test
    void addsToACart(@Autowired Carts service) {
        service.add("ada", new Item("tea", 2));

        assertThat(service.add("ada", new Item("tea", 1)).items()).containsEntry("tea", 3);
    }

    @Test
    void injectsStores(@Autowired Warehouse warehouse) {
        assertThat(warehouse.used)
                .extracting(KeyValueStore::name)
                .containsExactly("stock", "orders", "notes", "shelves");
    }

    @Test
    void readsAndWrites() {
        // tag::basic[]
        String version = carts.put("ada", cart); // the last write wins
        Optional<Cart> value = carts.get("ada");
        Versioned<Cart> read = carts.find("ada").orElseThrow(); // value, version and expiry
        boolean existed = carts.remove("ada");
        // end::basic[]

        assertThat(value).contains(cart);
        assertThat(read.version()).isEqualTo(version);
        assertThat(existed).isTrue();
    }

    @Test
    void writesUnderAVersion() {
        String read = carts.put("ada", cart);
        carts.put("ada", changed);

        // tag::versions[]
        WriteResult result = carts.replace("ada", changed, read);
        if (result instanceof Conflict conflict) {
            assertThat(conflict.expected()).isEqualTo(read);
            assertThat(conflict.actual()).isNotEqualTo(read); // null if the key has no value any more
        }

        WriteResult first = carts.putIfAbsent("bob", cart);
        if (first instanceof Written written) {
            WriteResult removed = carts.remove("bob", written.version());
            assertThat(removed.applied()).isTrue();
        }
        // end::versions[]

        assertThat(result.applied()).isFalse();
        assertThat(first.applied()).isTrue();
    }

    @Test
    void computes() {
        // tag::compute[]
        Item tea = new Item("tea", 1);
        Cart after = carts.compute("ada", Cart.EMPTY, current -> current.add(tea));

        Cart none = carts.compute("ada", current -> null); // null removes; current is null if there is no value
        // end::compute[]

        assertThat(after.items()).containsEntry("tea", 1);
        assertThat(none).isNull();
        assertThat(carts.get("ada")).isEmpty();
    }

    @Test
    void expires(@Autowired TestClock clock) {
        // tag::expiry[]
        carts.put("ada", cart, PutOptions.timeToLive(Duration.ofHours(1)));
        assertThat(carts.find("ada").orElseThrow().expiresAt())
                .isEqualTo(clock.instant().plus(Duration.ofHours(1)));

        clock.advance(Duration.ofHours(1)); // of @MechaTest: time stands still until told to move
        assertThat(carts.get("ada")).isEmpty();
        // end::expiry[]
    }

    @Test
    void writesAndReadsInBulk() {
        // tag::bulk[]
        Map<String, String> versions = carts.putAll(Map.of("ada", cart, "bob", cart));

        List<WriteResult> results = carts.writeAll(List.of(
                Change.replace("ada", changed, versions.get("ada")),
                Change.putIfAbsent("bob", changed), // a conflict; the others are applied
                Change.remove("eve")));

        Map<String, Cart> found = new LinkedHashMap<>();
        for (ReadResult<Cart> result : carts.getAll(List.of("ada", "bob", "nobody"))) {
            result.value().ifPresent(value -> found.put(result.key(), value));
        }
        // end::bulk[]

        assertThat(results).extracting(WriteResult::applied).containsExactly(true, false, true);
        assertThat(found).isEqualTo(Map.of("ada", changed, "bob", cart));
    }

    @Test
    void writesAllOrNothing() {
        carts.put("ada", cart);
        carts.put("bob", changed);
        String seen = carts.put("open", Cart.EMPTY);

        // tag::transact[]
        Versioned<Cart> ada = carts.find("ada").orElseThrow();
        TransactionResult result = carts.transact(tx -> {
            tx.replace("ada", Cart.EMPTY, ada.version());
            tx.put("bob", ada.value());
            tx.require("open", seen); // only looked at
        });
        if (result instanceof TransactionResult.Conflict conflict) {
            throw new IllegalStateException("A concurrent write changed " + conflict.key());
        }
        // end::transact[]

        assertThat(carts.get("bob")).contains(cart);
    }

    @Test
    void writesSeveralTypesAllOrNothing(@Autowired StateStores stores) {
        carts.put("cart-ada", cart);

        // tag::types[]
        KeyValueStore<Cart> carts = stores.store("carts", Cart.class);
        KeyValueStore<Order> orders = stores.store("carts", Order.class);
        KeyValueStore<Object> all = stores.store("carts", Object.class);

        Versioned<Cart> read = carts.find("cart-ada").orElseThrow();
        all.transact(tx -> {
            tx.putIfAbsent("order-1", new Order("1", read.value().items()));
            tx.remove("cart-ada", read.version());
        });
        // end::types[]

        assertThat(orders.get("order-1")).contains(new Order("1", cart.items()));
        assertThat(carts.get("cart-ada")).isEmpty();
    }

    @Test
    void listsKeys() {
        carts.putAll(Map.of("c-1", cart, "c-2", cart, "c-3", cart, "d-1", cart));
        List<String> keys = new ArrayList<>();

        // tag::keys[]
        Optional<PageRequest> request = Optional.of(PageRequest.first(2));
        while (request.isPresent()) {
            Page<String> page = carts.keys("c-", request.get());
            keys.addAll(page.items());
            request = page.next();
        }
        // end::keys[]

        assertThat(keys).containsExactly("c-1", "c-2", "c-3");
    }

    @Test
    void refusesBadKeys() {
        assertThatThrownBy(() -> carts.get(" ")).isInstanceOf(InvalidStateRequestException.class);
    }
}
