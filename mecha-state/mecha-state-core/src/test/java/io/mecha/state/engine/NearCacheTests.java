// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.Capabilities;
import io.mecha.Secret;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.ReadResult;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.TestClock;
import io.mecha.test.state.ForwardingBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class NearCacheTests {

    private static final Duration LONG = Duration.ofMinutes(10);

    private final TestClock clock = new TestClock();
    private final MemoryStateBackend memory = new MemoryStateBackend(clock);
    private final Counting counting = new Counting(memory);
    private final KeyValueStore<String> near = near(counting, new NearCacheOptions(100, LONG));

    /** Another node: writes to the same backend past the cache. */
    private final KeyValueStore<String> elsewhere = StateStoreComponent.builder(
                    "s", "memory", memory, JacksonCodecs.standard())
            .keyPrefix("p||")
            .build()
            .store(String.class);

    private KeyValueStore<String> near(StateBackend backend, NearCacheOptions options) {
        return component(backend, options).store(String.class);
    }

    private StateStoreComponent component(StateBackend backend, NearCacheOptions options) {
        return StateStoreComponent.builder("s", "memory", backend, JacksonCodecs.standard())
                .keyPrefix("p||")
                .nearCache(options)
                .clock(clock)
                .build();
    }

    /** Counts reads, and hides what the memory backend would tell of changes. */
    private static class Counting extends ForwardingBackend {

        final AtomicInteger reads = new AtomicInteger();

        Counting(StateBackend delegate) {
            super(delegate);
        }

        @Override
        public @Nullable Entry read(String key) {
            reads.incrementAndGet();
            return super.read(key);
        }

        @Override
        public Map<String, Entry> readAll(Collection<String> keys) {
            reads.addAndGet(keys.size());
            return super.readAll(keys);
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.none();
        }
    }

    @Test
    void asksTheBackendOncePerKey() {
        elsewhere.put("a", "1");

        assertThat(near.get("a")).contains("1");
        assertThat(near.get("a")).contains("1");
        assertThat(near.get("missing")).isEmpty();
        assertThat(near.get("missing")).isEmpty();
        assertThat(counting.reads).hasValue(2);
    }

    @Test
    void seesItsOwnWritesAtOnce() {
        near.put("a", "1");
        assertThat(near.get("a")).contains("1");

        near.put("a", "2");
        assertThat(near.get("a")).contains("2");

        near.remove("a");
        assertThat(near.get("a")).isEmpty();
    }

    @Test
    void leavesNobodyWaitingWhenReadsFailAllAround() {
        StateBackend failing = new Counting(memory) {
            @Override
            public @Nullable Entry read(String key) {
                throw StateUnavailableException.closed("memory", "s");
            }
        };
        KeyValueStore<String> store = near(failing, new NearCacheOptions(100, LONG));
        List<CompletableFuture<Void>> readers = new ArrayList<>();
        for (int reader = 0; reader < 4; reader++) {
            boolean all = reader % 2 == 0;
            readers.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 5_000; i++) {
                    try {
                        if (all) {
                            store.getAll(List.of("b", "a"));
                        } else {
                            store.get("a");
                        }
                    } catch (StateUnavailableException expected) {
                        // what matters is that it comes back
                    }
                }
            }));
        }

        assertThat(CompletableFuture.allOf(readers.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofMinutes(1));
        assertThat(store.getAll(List.of("b"))).hasSize(1);
    }

    @Test
    void servesACopyUntilItIsTooOld() {
        KeyValueStore<String> brief = near(counting, new NearCacheOptions(100, Duration.ofNanos(1)));
        elsewhere.put("a", "1");
        assertThat(brief.get("a")).contains("1");

        elsewhere.put("a", "2");

        assertThat(brief.get("a")).contains("2");
    }

    @Test
    void dropsACopyThatAConflictProvedWrong() {
        elsewhere.put("a", "1");
        String version = near.find("a").orElseThrow().version();
        elsewhere.put("a", "2");

        WriteResult result = near.replace("a", "3", version);

        assertThat(result.applied()).isFalse();
        assertThat(near.get("a")).contains("2");
    }

    @Test
    void computesOnAnOutdatedCopyWithoutLosingAnUpdate() {
        elsewhere.put("a", "1");
        near.get("a");
        elsewhere.put("a", "2");

        assertThat(near.compute("a", current -> current + "!")).isEqualTo("2!");
    }

    @Test
    void neverServesAnExpiredCopy() {
        near.put("a", "1", PutOptions.timeToLive(Duration.ofSeconds(5)));
        assertThat(near.get("a")).contains("1");

        clock.advance(Duration.ofSeconds(5));

        assertThat(near.get("a")).isEmpty();
        assertThat(near.getAll(List.of("a")).get(0)).isInstanceOf(ReadResult.Missing.class);
    }

    @Test
    void readsABulkFromTheCacheWhereItCan() {
        elsewhere.putAll(Map.of("a", "1", "b", "2"));
        near.get("a");

        List<ReadResult<String>> results = near.getAll(List.of("a", "b", "c"));

        assertThat(results)
                .extracting(ReadResult::value)
                .extracting(value -> value.orElse("-"))
                .containsExactly("1", "2", "-");
        assertThat(counting.reads).hasValue(3);
        near.getAll(List.of("a", "b", "c"));
        assertThat(counting.reads).hasValue(3);
    }

    @Test
    void keepsNoMoreKeysThanItsBound() {
        StateStoreComponent component = component(counting, new NearCacheOptions(10, LONG));
        KeyValueStore<String> small = component.store(String.class);

        for (int index = 0; index < 1_000; index++) {
            small.get("k" + index);
        }

        component.nearCache().orElseThrow().synchronous().cleanUp();
        assertThat(component.nearCache().orElseThrow().asMap()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void countsHitsAndMisses() {
        StateStoreComponent component = component(counting, new NearCacheOptions(10, LONG));
        KeyValueStore<String> store = component.store(String.class);

        store.get("a");
        store.get("a");

        assertThat(component.nearCache().orElseThrow().synchronous().stats().hitCount())
                .isEqualTo(1);
        assertThat(component.nearCache().orElseThrow().synchronous().stats().missCount())
                .isEqualTo(1);
    }

    @Test
    void doesNotRememberAFailure() {
        AtomicInteger failures = new AtomicInteger(1);
        KeyValueStore<String> store = near(
                new Counting(memory) {

                    @Override
                    public @Nullable Entry read(String key) {
                        if (failures.getAndDecrement() > 0) {
                            throw StateUnavailableException.nothingHappened("s", "memory", null);
                        }
                        return super.read(key);
                    }
                },
                new NearCacheOptions(10, LONG));

        assertThatExceptionOfType(StateUnavailableException.class).isThrownBy(() -> store.get("a"));
        assertThat(store.get("a")).isEmpty();
    }

    @Nested
    class UnderRaces {

        private final CountDownLatch reading = new CountDownLatch(1);
        private final CountDownLatch resume = new CountDownLatch(1);
        private final Counting slow = new Counting(memory) {

            @Override
            public @Nullable Entry read(String key) {
                Entry entry = super.read(key);
                if (reads.get() == 1) {
                    reading.countDown();
                    awaitLatch(resume);
                }
                return entry;
            }
        };
        private final KeyValueStore<String> store = near(slow, new NearCacheOptions(10, LONG));

        @Test
        void loadsAKeyOnceForAllWhoWait() throws Exception {
            elsewhere.put("a", "1");
            List<CompletableFuture<String>> readers = new ArrayList<>();
            readers.add(CompletableFuture.supplyAsync(() -> store.get("a").orElseThrow()));
            awaitLatch(reading);
            for (int count = 0; count < 4; count++) {
                readers.add(CompletableFuture.supplyAsync(() -> store.get("a").orElseThrow()));
            }

            resume.countDown();

            for (CompletableFuture<String> reader : readers) {
                assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo("1");
            }
            assertThat(slow.reads).hasValue(1);
        }

        @Test
        void doesNotKeepWhatWasReadBeforeItsOwnWrite() throws Exception {
            elsewhere.put("a", "old");
            CompletableFuture<String> reader =
                    CompletableFuture.supplyAsync(() -> store.get("a").orElseThrow());
            awaitLatch(reading);

            store.put("a", "new");
            assertThat(store.get("a")).contains("new");
            resume.countDown();

            assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo("old");
            assertThat(store.get("a")).contains("new");
        }

        @Test
        void doesNotKeepWhatWasReadBeforeAChangeElsewhere() throws Exception {
            AtomicReference<ChangeNotifications.Listener> listener = new AtomicReference<>();
            Counting notifying = new Counting(slow) {

                @Override
                public Capabilities capabilities() {
                    return Capabilities.none().with(ChangeNotifications.class, (prefix, added) -> {
                        listener.set(added);
                        return () -> {};
                    });
                }
            };
            KeyValueStore<String> notified = near(notifying, new NearCacheOptions(10, LONG));
            elsewhere.put("a", "old");
            CompletableFuture<String> reader =
                    CompletableFuture.supplyAsync(() -> notified.get("a").orElseThrow());
            awaitLatch(reading);

            elsewhere.put("a", "new");
            listener.get().changed("p||a");
            resume.countDown();

            assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo("old");
            assertThat(notified.get("a")).contains("new");
            elsewhere.put("a", "newer");
            listener.get().missed();
            assertThat(notified.get("a")).contains("newer");
        }
    }

    @Nested
    class InsideATransactionOfTheApplication {

        private final List<Runnable> completions = new ArrayList<>();
        private boolean active;
        private final Counting joining = new Counting(memory) {

            @Override
            public Capabilities capabilities() {
                return Capabilities.none().with(SurroundingTransaction.class, new SurroundingTransaction() {

                    @Override
                    public boolean active() {
                        return active;
                    }

                    @Override
                    public Optional<String> snapshot() {
                        return Optional.empty();
                    }

                    @Override
                    public boolean on(Object resource) {
                        return false;
                    }

                    @Override
                    public void afterCompletion(Runnable action) {
                        completions.add(action);
                    }

                    @Override
                    public void afterCommit(Runnable action) {
                        completions.add(action);
                    }
                });
            }
        };
        private final KeyValueStore<String> store = near(joining, new NearCacheOptions(10, LONG));

        @Test
        void showsNothingUncommittedToOthers() {
            active = true;
            store.put("a", "uncommitted");
            assertThat(store.get("a")).contains("uncommitted");

            assertThat(joining.reads).hasValue(1);
            assertThat(store.getAll(List.of("a")).get(0).value()).contains("uncommitted");
            assertThat(joining.reads).hasValue(2);
        }

        @Test
        void dropsWhatOthersCachedBeforeTheCommit() {
            elsewhere.put("a", "old");
            active = true;
            store.put("a", "new");
            active = false;
            elsewhere.put("a", "old");
            assertThat(store.get("a")).contains("old");
            elsewhere.put("a", "new");

            completions.forEach(Runnable::run);

            assertThat(store.get("a")).contains("new");
        }
    }

    @Test
    void worksOverEncryptionAndTransactions() {
        Transactions transactions =
                memory.capabilities().find(Transactions.class).orElseThrow();
        StateBackend silent = new ForwardingBackend(memory) {

            @Override
            public Capabilities capabilities() {
                return Capabilities.none().with(Transactions.class, transactions);
            }
        };
        StateStoreComponent component = StateStoreComponent.builder("s", "memory", silent, JacksonCodecs.standard())
                .encryption(EncryptionKeys.of(Secret.of("01".repeat(32)), List.of()))
                .nearCache(new NearCacheOptions(10, LONG))
                .immutableValues(true)
                .build();
        KeyValueStore<String> store = component.store(String.class);
        store.put("a", "1");

        assertThat(store.get("a").orElseThrow()).isSameAs(store.get("a").orElseThrow());
        assertThat(store.transact(tx -> tx.put("a", "2")).committed()).isTrue();
        assertThat(store.get("a")).contains("2");
        component.close();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
