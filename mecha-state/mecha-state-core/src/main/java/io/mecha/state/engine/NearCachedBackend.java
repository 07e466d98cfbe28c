// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import io.mecha.Capabilities;
import io.mecha.runtime.ElapsedTime;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.TransactionResult;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A backend with copies, in this JVM, of entries that were read.
 *
 * <p>Never older than this node's own last write. A reader puts a future into the cache <em>before</em> it asks the backend
 * and a writer drops the future <em>after</em> the backend answered. So a read that began before the write loses its place
 * in the cache, whatever it brings back, and a read that begins after the write finds no older future to join. A write
 * never puts its own value: two writers could do that in another order than the backend applied them.
 *
 * <p>One thread loads a missing key, on its own stack; others wait for its future. No lock is held while the backend is
 * asked. A key without a value is remembered too.
 *
 * <p>Inside a transaction of the application reads pass by the cache, and what was written is dropped once more when the
 * transaction ends: until then only the transaction may see it.
 *
 * <p>Changes by other nodes arrive as notifications where the backend has them; the time to live bounds how long a copy
 * may be out of date where it has none, or while they are cut off.
 */
final class NearCachedBackend implements StateBackend {

    private final StateBackend delegate;
    private final ElapsedTime time;
    private final AsyncCache<String, Copy> cache;
    private final ConcurrentMap<String, CompletableFuture<Copy>> copies;
    private final @Nullable SurroundingTransaction surrounding;
    private final ChangeNotifications.@Nullable Subscription subscription;
    private final Capabilities capabilities;

    NearCachedBackend(StateBackend delegate, NearCacheOptions options, String prefix, InstantSource clock) {
        this.delegate = delegate;
        this.time = ElapsedTime.of(clock);
        this.cache = Caffeine.newBuilder()
                .maximumSize(options.maximumSize())
                .expireAfterWrite(options.timeToLive())
                .recordStats()
                .buildAsync();
        this.copies = cache.asMap();
        this.surrounding =
                delegate.capabilities().find(SurroundingTransaction.class).orElse(null);
        this.capabilities = delegate.capabilities().map(Transactions.class, CachedTransactions::new);
        this.subscription = delegate.capabilities()
                .find(ChangeNotifications.class)
                .map(notifications -> notifications.listen(prefix, new Invalidation()))
                .orElse(null);
    }

    /** Changes the bounds; of the copies, those stay that fit. */
    void resize(NearCacheOptions options) {
        Policy<String, Copy> policy = cache.synchronous().policy();
        policy.eviction().ifPresent(size -> size.setMaximum(options.maximumSize()));
        policy.expireAfterWrite().ifPresent(age -> age.setExpiresAfter(options.timeToLive()));
    }

    AsyncCache<String, ?> cache() {
        return cache;
    }

    @Override
    public @Nullable Entry read(String key) {
        if (insideTransaction()) {
            return delegate.read(key);
        }
        CompletableFuture<Copy> mine = new CompletableFuture<>();
        CompletableFuture<Copy> other = claim(key, mine);
        if (other != null) {
            return await(other).entry;
        }
        try {
            Copy copy = copy(delegate.read(key));
            mine.complete(copy);
            return copy.entry;
        } catch (RuntimeException | Error failure) {
            abandon(Map.of(key, mine), failure);
            throw failure;
        }
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        if (insideTransaction()) {
            return delegate.readAll(keys);
        }
        Map<String, CompletableFuture<Copy>> mine = new LinkedHashMap<>();
        Map<String, CompletableFuture<Copy>> others = new LinkedHashMap<>();
        for (String key : keys) {
            CompletableFuture<Copy> own = new CompletableFuture<>();
            CompletableFuture<Copy> other = claim(key, own);
            if (other == null) {
                mine.put(key, own);
            } else {
                others.put(key, other);
            }
        }
        // Own keys first: a thread that waits for another's has delivered its own, so no two wait for each other.
        Map<String, Entry> found = mine.isEmpty() ? new HashMap<>() : loadAll(mine);
        others.forEach((key, future) -> add(found, key, await(future)));
        return found;
    }

    private Map<String, Entry> loadAll(Map<String, CompletableFuture<Copy>> mine) {
        try {
            Map<String, Entry> loaded = delegate.readAll(mine.keySet());
            Map<String, Entry> found = new HashMap<>();
            mine.forEach((key, future) -> {
                Copy copy = copy(loaded.get(key));
                future.complete(copy);
                add(found, key, copy);
            });
            return found;
        } catch (RuntimeException | Error failure) {
            abandon(mine, failure);
            throw failure;
        }
    }

    private static void add(Map<String, Entry> found, String key, Copy copy) {
        if (copy.entry != null) {
            found.put(key, copy.entry);
        }
    }

    /**
     * Returns somebody else's future to wait for, or {@code null} if the caller must load the key into its own. Throws nothing that
     * somebody else's load threw: the caller may have claimed other keys before, which it must then load.
     */
    private @Nullable CompletableFuture<Copy> claim(String key, CompletableFuture<Copy> mine) {
        CompletableFuture<Copy> present = cache.getIfPresent(key);
        if (present != null && present.isDone() && !present.join().isCurrent(time)) {
            copies.remove(key, present);
            present = null;
        }
        return present == null ? copies.putIfAbsent(key, mine) : present;
    }

    private void abandon(Map<String, CompletableFuture<Copy>> mine, Throwable failure) {
        mine.forEach((key, future) -> {
            copies.remove(key, future);
            future.complete(Copy.failed(failure));
        });
    }

    private static Copy await(CompletableFuture<Copy> future) {
        Copy copy = future.join();
        if (copy.failure instanceof RuntimeException failure) {
            throw failure;
        }
        if (copy.failure instanceof Error failure) {
            throw failure;
        }
        return copy;
    }

    private Copy copy(@Nullable Entry entry) {
        if (entry == null) {
            return new Copy(null, null, null);
        }
        Instant end = entry.expiresAt() == null ? null : time.at(entry.expiresAt());
        return new Copy(new Entry(SharedValue.of(entry.value()), entry.version(), entry.expiresAt()), end, null);
    }

    @Override
    public WriteResult write(Mutation mutation) {
        return andForget(List.of(mutation), () -> delegate.write(mutation));
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        return andForget(mutations, () -> delegate.writeAll(mutations));
    }

    // Also after a failure: the write may have happened. Also after a conflict: the copy was out of date.
    private <R> R andForget(List<? extends Operation> operations, Supplier<R> call) {
        try {
            return call.get();
        } finally {
            forget(operations);
            if (surrounding != null && surrounding.active()) {
                surrounding.afterCompletion(() -> forget(operations));
            }
        }
    }

    private void forget(List<? extends Operation> operations) {
        for (KeyOperation operation : KeyOperation.of(operations)) {
            copies.remove(operation.key());
        }
    }

    private boolean insideTransaction() {
        return surrounding != null && surrounding.active();
    }

    @Override
    public int maximumValueSize() {
        return delegate.maximumValueSize();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        delegate.ping();
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
        delegate.close();
    }

    /** A copy: an entry and when it ends, that there is none, or that reading failed; the last is never kept. */
    private record Copy(
            @Nullable Entry entry,
            @Nullable Instant end,
            @Nullable Throwable failure) {

        static Copy failed(Throwable failure) {
            return new Copy(null, null, failure);
        }

        boolean isCurrent(ElapsedTime time) {
            return failure == null && (end == null || time.now().isBefore(end));
        }
    }

    /** A listener that drops copies of entries that other nodes changed. */
    private final class Invalidation implements ChangeNotifications.Listener {

        @Override
        public void changed(String key) {
            copies.remove(key);
        }

        @Override
        public void missed() {
            copies.clear();
        }
    }

    /** The transactions of a backend, which drop copies of the entries that they wrote. */
    private final class CachedTransactions implements Transactions {

        private final Transactions transactions;

        CachedTransactions(Transactions transactions) {
            this.transactions = transactions;
        }

        @Override
        public int maximumOperations() {
            return transactions.maximumOperations();
        }

        @Override
        public TransactionResult execute(List<Operation> operations) {
            return andForget(operations, () -> transactions.execute(operations));
        }
    }
}
