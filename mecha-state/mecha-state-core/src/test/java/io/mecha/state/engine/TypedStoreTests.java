// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.Capabilities;
import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.codec.GenericType;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.Change;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.MissingCapabilityException;
import io.mecha.state.Precondition;
import io.mecha.state.PutOptions;
import io.mecha.state.ReadResult;
import io.mecha.state.StateContentionException;
import io.mecha.state.TransactionResult;
import io.mecha.state.UnreadableValueException;
import io.mecha.state.ValueTooLargeException;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Value;
import io.mecha.test.TestClock;
import io.mecha.test.state.ForwardingBackend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypedStoreTests {

    private final TestClock clock = new TestClock();
    private final StateBackend backend = new MemoryStateBackend(clock);
    private final KeyValueStore<Cart> carts = builder(backend).build().store(Cart.class);

    record Cart(String customer, int items) {

        Cart add() {
            return new Cart(customer, items + 1);
        }
    }

    private static final Cart CART = new Cart("ann", 1);

    private static StateStoreComponent.Builder builder(StateBackend backend) {
        return StateStoreComponent.builder("carts", "memory", backend, JacksonCodecs.standard())
                .keyPrefix("shop||carts||");
    }

    @Test
    void readsBackWhatItStored() {
        String version = carts.put("c-1", CART);

        assertThat(carts.get("c-1")).contains(CART);
        assertThat(carts.find("c-1")).contains(new Versioned<>(CART, version, null));
        assertThat(carts.get("c-2")).isEmpty();
        assertThat(carts.name()).isEqualTo("carts");
    }

    @Test
    void storesUnderThePrefix() {
        carts.put("c-1", CART);

        assertThat(backend.read("shop||carts||c-1")).isNotNull();
        assertThat(backend.read("c-1")).isNull();
    }

    @Test
    void keepsGenericTypes() {
        KeyValueStore<List<Cart>> lists = builder(backend).build().store(new GenericType<List<Cart>>() {});

        lists.put("all", List.of(CART));

        assertThat(lists.get("all")).contains(List.of(CART));
    }

    @Test
    void handsOutOneViewForAType() {
        StateStoreComponent component = builder(backend).build();

        assertThat(component.store(Cart.class)).isSameAs(component.store(Cart.class));
    }

    @Test
    void replacesOnlyTheVersionThatWasRead() {
        String first = carts.put("c-1", CART);
        String second = carts.put("c-1", CART.add());

        WriteResult stale = carts.replace("c-1", CART, first);
        WriteResult fresh = carts.replace("c-1", CART, second);

        assertThat(stale).isEqualTo(new WriteResult.Conflict(first, second));
        assertThat(fresh).isInstanceOf(WriteResult.Written.class);
        assertThat(carts.get("c-1")).contains(CART);
    }

    @Test
    void removesOnlyTheVersionThatWasRead() {
        String first = carts.put("c-1", CART);
        String second = carts.put("c-1", CART);

        assertThat(carts.remove("c-1", first)).isEqualTo(new WriteResult.Conflict(first, second));
        assertThat(carts.remove("c-1", second)).isEqualTo(new WriteResult.Removed(true));
        assertThat(carts.remove("c-1")).isFalse();
    }

    @Test
    void putsOnlyWhereThereIsNothing() {
        WriteResult first = carts.putIfAbsent("c-1", CART);
        WriteResult second = carts.putIfAbsent("c-1", CART.add());

        assertThat(first.applied()).isTrue();
        assertThat(second.applied()).isFalse();
        assertThat(carts.get("c-1")).contains(CART);
    }

    @Test
    void expiresByTheOptionsTheStoreAndTheOverride() {
        KeyValueStore<Cart> hourly =
                builder(backend).timeToLive(Duration.ofHours(1)).build().store(Cart.class);

        hourly.put("default", CART);
        hourly.put("short", CART, PutOptions.timeToLive(Duration.ofMinutes(1)));
        hourly.put("forever", CART, PutOptions.noExpiry());

        assertThat(hourly.find("default").orElseThrow().expiresAt())
                .isEqualTo(clock.instant().plusSeconds(3600));
        clock.advance(Duration.ofMinutes(1));
        assertThat(hourly.get("short")).isEmpty();
        clock.advance(Duration.ofHours(1));
        assertThat(hourly.get("default")).isEmpty();
        assertThat(hourly.get("forever")).contains(CART);
    }

    @Test
    void computesFromNothingToSomethingAndBack() {
        assertThat(carts.compute("c-1", current -> current == null ? CART : current.add()))
                .isEqualTo(CART);
        assertThat(carts.compute("c-1", current -> current == null ? CART : current.add()))
                .isEqualTo(CART.add());
        assertThat(carts.compute("c-1", current -> null)).isNull();
        assertThat(carts.get("c-1")).isEmpty();
        assertThat(carts.compute("c-1", current -> null)).isNull();
    }

    @Test
    void computesFromAnInitialValue() {
        assertThat(carts.compute("c-1", CART, Cart::add)).isEqualTo(CART.add());
        assertThat(carts.compute("c-1", CART, Cart::add)).isEqualTo(CART.add().add());
    }

    @Test
    void keepsWhatItComputedAsLongAsTheOptionsSay() {
        carts.compute("a", current -> CART, PutOptions.timeToLive(Duration.ofMinutes(1)));
        carts.compute("b", CART, Cart::add, PutOptions.timeToLive(Duration.ofMinutes(1)));

        clock.advance(Duration.ofMinutes(1));

        assertThat(carts.get("a")).isEmpty();
        assertThat(carts.get("b")).isEmpty();
    }

    @Test
    void losesNoUpdateWhenManyThreadsCompute() throws Exception {
        int threads = 8;
        int rounds = 250;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            Callable<Void> work = () -> {
                for (int round = 0; round < rounds; round++) {
                    carts.compute("c-1", new Cart("ann", 0), Cart::add);
                }
                return null;
            };
            for (Future<Void> done : executor.invokeAll(Collections.nCopies(threads, work))) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(carts.get("c-1")).contains(new Cart("ann", threads * rounds));
    }

    @Test
    void givesUpComputingWhenOthersAlwaysWin() {
        StateBackend contended = new ForwardingBackend(backend) {

            @Override
            public WriteResult write(Mutation mutation) {
                return new WriteResult.Conflict("a", "b");
            }
        };
        KeyValueStore<Cart> store =
                builder(contended).computeAttempts(3).build().store(Cart.class);

        assertThatExceptionOfType(StateContentionException.class)
                .isThrownBy(() -> store.compute("c-1", CART, Cart::add))
                .withMessageContaining(
                        "Key 'c-1' in state store 'carts' was changed by other writers in each of 3 attempts.");
    }

    @Test
    void keepsTextAndBytesInAViewOfAnyType() {
        StateStoreComponent component = builder(backend).build();
        KeyValueStore<Object> all = component.store(Object.class);
        all.put("text", "plain");
        all.put("bytes", new byte[] {-1, 2});
        all.put("cart", CART);

        assertThat(component.store(String.class).get("text")).contains("plain");
        assertThat(component.store(byte[].class).get("bytes").orElseThrow()).containsExactly(-1, 2);
        assertThat(carts.get("cart")).contains(CART);
        assertThat(all.get("text")).contains("plain");
        assertThat((byte[]) all.get("bytes").orElseThrow()).containsExactly(-1, 2);
    }

    @Test
    void answersABulkReadInOrderWithEveryKey() {
        carts.put("a", CART);
        backend.write(put("shop||carts||bad", "{"));

        List<ReadResult<Cart>> results = carts.getAll(List.of("missing", "a", "bad", "a"));

        assertThat(results).extracting(ReadResult::key).containsExactly("missing", "a", "bad", "a");
        assertThat(results.get(0)).isInstanceOf(ReadResult.Missing.class);
        assertThat(results.get(1).value()).contains(CART);
        assertThat(results.get(2)).isInstanceOf(ReadResult.Unreadable.class);
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> results.get(2).value());
        assertThat(results.get(3)).isEqualTo(results.get(1));
        assertThat(carts.getAll(List.of())).isEmpty();
    }

    @Test
    void putsABulkAndReturnsVersionsInOrder() {
        Map<String, Cart> values = new LinkedHashMap<>();
        values.put("b", CART);
        values.put("a", CART.add());

        Map<String, String> versions = carts.putAll(values);

        assertThat(versions.keySet()).containsExactly("b", "a");
        assertThat(carts.find("a").orElseThrow().version()).isEqualTo(versions.get("a"));
        assertThat(carts.putAll(Map.of())).isEmpty();
    }

    @Test
    void reportsConflictsOfABulkAndAppliesTheRest() {
        String version = carts.put("a", CART);

        List<WriteResult> results = carts.writeAll(List.of(
                Change.replace("a", CART, "stale"),
                Change.putIfAbsent("b", CART),
                Change.remove("a", version),
                Change.remove("missing"),
                Change.put("c", CART)));

        assertThat(results).extracting(WriteResult::applied).containsExactly(false, true, true, true, true);
        assertThat(carts.get("a")).isEmpty();
        assertThat(carts.get("c")).contains(CART);
    }

    @Test
    void appliesATransactionAndReturnsVersionsByKey() {
        String version = carts.put("c", CART);

        TransactionResult result = carts.transact(tx -> {
            tx.put("a", CART);
            tx.putIfAbsent("b", CART);
            tx.remove("b");
            tx.require("c", version);
        });

        assertThat(result)
                .isInstanceOfSatisfying(
                        TransactionResult.Committed.class,
                        committed -> assertThat(committed.versions()).containsOnlyKeys("a"));
        assertThat(carts.get("b")).isEmpty();
    }

    @Test
    void namesTheKeyThatATransactionFailedOn() {
        String version = carts.put("c", CART);

        TransactionResult result = carts.transact(tx -> {
            tx.put("a", CART);
            tx.replace("c", CART, "stale");
        });

        assertThat(result).isEqualTo(new TransactionResult.Conflict("c", "stale", version));
        assertThat(carts.get("a")).isEmpty();
        assertThat(carts.transact(tx -> {}).committed()).isTrue();
    }

    @Test
    void listsKeysWithoutThePrefix() {
        carts.putAll(Map.of("c-1", CART, "c-2", CART, "d-1", CART));

        Page<String> first = carts.keys("c-", PageRequest.first(1));
        Page<String> second = carts.keys("c-", first.next().orElseThrow());

        assertThat(first.items()).containsExactly("c-1");
        assertThat(second.items()).containsExactly("c-2");
        assertThat(first.next().orElseThrow().token()).matches("[A-Za-z0-9_-]+");
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> carts.keys("", PageRequest.first(1).at("\u0000?")))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("MECHA-S206"));
    }

    @Test
    void refusesWhatTheBackendCannotDo() {
        StateBackend plain = new ForwardingBackend(backend) {

            @Override
            public Capabilities capabilities() {
                return Capabilities.none();
            }
        };
        KeyValueStore<Cart> store = builder(plain).build().store(Cart.class);

        assertThatExceptionOfType(MissingCapabilityException.class)
                .isThrownBy(() -> store.transact(tx -> {}))
                .withMessageContaining("State store 'carts' needs Transactions");
        assertThatExceptionOfType(MissingCapabilityException.class)
                .isThrownBy(() -> store.keys("", PageRequest.first(1)))
                .withMessageContaining("needs KeyScan");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a\nb", "a\u0000", "a\u007f", "a\u0085", "\ud83d", "\ude00\ud83d"})
    void refusesAKeyThatBreaksTheRules(String key) {
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> carts.get(key))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("MECHA-S201"));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.put(key, CART));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.getAll(List.of(key)));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.remove(key));
    }

    @Test
    void boundsTheLengthOfAKey() {
        carts.put("k".repeat(512), CART);

        assertThat(carts.get("k".repeat(512))).contains(CART);
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> carts.get("k".repeat(513)))
                .withMessageContaining("513 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"||", "shop||carts||", "\ud83d\ude00", "\u00e9", "a b", "%_*?[]\\", "{tag}"})
    void acceptsAnyOtherKey(String key) {
        carts.put(key, CART);

        assertThat(carts.get(key)).contains(CART);
        assertThat(carts.keys("", PageRequest.first(10)).items()).containsExactly(key);
    }

    @Test
    @SuppressWarnings("NullAway") // the mistake under test
    void refusesNull() {
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.get(null));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.put("a", null));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.put("a", CART, null));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.replace("a", CART, null));
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> carts.compute("a", CART, current -> null));
        assertThat(carts.get("a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\0b", "a\nb", "a\u0085"})
    void refusesAVersionThatNoStoreMakes(String version) {
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> carts.replace("a", CART, version))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("MECHA-S204"));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> carts.remove("a", version));
    }

    @Test
    void refusesAVersionThatIsTooLong() {
        assertThat(carts.remove("a", "v".repeat(512)).applied()).isFalse();
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> carts.remove("a", "v".repeat(513)))
                .withMessageContaining("513 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "P36501D"})
    void refusesATimeToLiveOutOfBounds(Duration timeToLive) {
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> carts.put("a", CART, PutOptions.timeToLive(timeToLive)))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("MECHA-S202"));
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> builder(backend).timeToLive(timeToLive).build());
        assertThat(carts.get("a")).isEmpty();
    }

    @Test
    void refusesAValueThatDoesNotFit() {
        StateBackend small = new ForwardingBackend(backend) {

            @Override
            public int maximumValueSize() {
                return 40;
            }
        };
        KeyValueStore<Cart> store = builder(small).build().store(Cart.class);
        store.put("a", CART);

        assertThatExceptionOfType(ValueTooLargeException.class)
                .isThrownBy(() -> store.putAll(Map.of("b", CART, "c", new Cart("x".repeat(40), 1))))
                .withMessageContaining("The value for key 'c' in state store 'carts' has 65 bytes; at most 40 fit.")
                .satisfies(failure -> assertThat(failure.limit()).isEqualTo(40));
        assertThat(store.get("b")).isEmpty();
    }

    @Test
    void namesKeyStoreAndTypeOfAnUnreadableValueButNotTheValue() {
        backend.write(put("shop||carts||c-1", "{\"items\":\"s3cret\"}"));

        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> carts.get("c-1"))
                .withMessageContaining("key 'c-1' in state store 'carts' cannot be read as " + Cart.class.getName())
                .withMessageNotContaining("s3cret")
                .satisfies(failure -> assertThat(failure.getCause()).hasMessageNotContaining("s3cret"));
    }

    @Test
    void copiesValuesUnlessTheyAreImmutable() {
        KeyValueStore<List<String>> copying = builder(backend).build().store(new GenericType<List<String>>() {});
        KeyValueStore<List<String>> sharing = builder(new MemoryStateBackend(clock))
                .immutableValues(true)
                .build()
                .store(new GenericType<List<String>>() {});
        List<String> value = new ArrayList<>(List.of("a"));

        copying.put("k", value);
        sharing.put("k", value);
        value.add("b");

        assertThat(copying.get("k")).contains(List.of("a"));
        assertThat(sharing.get("k").orElseThrow()).isSameAs(value);
    }

    @Test
    void readsASharedValueAsAnotherType() {
        StateStoreComponent component = builder(backend).immutableValues(true).build();
        component.store(Cart.class).put("k", CART);

        assertThat(component.store(new GenericType<Map<String, Object>>() {}).get("k"))
                .contains(Map.of("customer", "ann", "items", 1));
        assertThat(component.store(Cart.class).get("k").orElseThrow()).isSameAs(CART);
    }

    @Test
    void refusesSettingsThatCannotWork() {
        assertThatIllegalArgumentException().isThrownBy(() -> builder(backend).computeAttempts(0));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> builder(backend).mediaType("text/none").build().store(Cart.class));
        assertThatIllegalArgumentException().isThrownBy(() -> new NearCacheOptions(0, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new NearCacheOptions(1, Duration.ZERO));
    }

    private static Mutation put(String key, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Mutation.Put(key, Value.of(bytes), null, Precondition.NONE);
    }
}
