// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.Page;
import io.mecha.PageRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store of values by key, in the backend that the configuration names.
 *
 * <p>Thread-safe and blocking; no monitor is held while a backend is called, so virtual threads may call it. A key is 1 to
 * 512 characters, not blank, without control characters, unpaired surrogates and {@code ||mecha||}; anything else is allowed. A value is
 * never {@code null}. Expired values are never returned.
 *
 * <p>Every method throws {@link InvalidStateRequestException} if an argument breaks these rules (nothing happened), {@link
 * StateUnavailableException} if the backend cannot be reached or answers too late (it tells whether a write may have
 * happened) and {@link StateBackendException} if the backend refuses.
 *
 * @param <V> type of the values
 * @since 1.0
 */
public interface KeyValueStore<V> {

    /**
     * Return the name of the store.
     *
     * @return the name, as under {@code mecha.state.stores}
     */
    String name();

    /**
     * Read a value. One round trip.
     *
     * @param key the key
     * @return the value, or empty if the key has none
     * @throws UnreadableValueException if the stored bytes cannot be read as this type
     */
    Optional<V> get(String key);

    /**
     * Read a value with its version and expiry. One round trip.
     *
     * @param key the key
     * @return the value and its version, or empty if the key has none
     * @throws UnreadableValueException if the stored bytes cannot be read as this type
     */
    Optional<Versioned<V>> find(String key);

    /**
     * Store a value; the last write wins. One round trip.
     *
     * @param key the key
     * @param value the value
     * @return the version of the new value
     * @throws ValueTooLargeException if the backend cannot hold the value; nothing happened
     */
    default String put(String key, V value) {
        return put(key, value, PutOptions.defaults());
    }

    /**
     * Store a value; the last write wins. One round trip.
     *
     * @param key the key
     * @param value the value
     * @param options how to keep the value
     * @return the version of the new value
     * @throws ValueTooLargeException if the backend cannot hold the value; nothing happened
     */
    String put(String key, V value, PutOptions options);

    /**
     * Store a value if the key still has a version: the first write wins. One round trip if it has.
     *
     * @param key the key
     * @param value the value
     * @param version version as read
     * @return {@code Written} with the new version, or {@code Conflict} with the one found
     * @throws ValueTooLargeException if the backend cannot hold the value; nothing happened
     */
    default WriteResult replace(String key, V value, String version) {
        return replace(key, value, version, PutOptions.defaults());
    }

    /**
     * Store a value if the key still has a version: the first write wins. One round trip if it has.
     *
     * @param key the key
     * @param value the value
     * @param version version as read
     * @param options how to keep the value
     * @return {@code Written} with the new version, or {@code Conflict} with the one found
     * @throws ValueTooLargeException if the backend cannot hold the value; nothing happened
     */
    WriteResult replace(String key, V value, String version, PutOptions options);

    /**
     * Store a value if the key has none. One round trip if it has none.
     *
     * @param key the key
     * @param value the value
     * @return {@code Written} with the new version, or {@code Conflict} with the one found
     * @throws ValueTooLargeException if the backend cannot hold the value; nothing happened
     */
    default WriteResult putIfAbsent(String key, V value) {
        return putIfAbsent(key, value, PutOptions.defaults());
    }

    /**
     * Store a value if the key has none. One round trip if it has none.
     *
     * @param key the key
     * @param value the value
     * @param options how to keep the value
     * @return {@code Written} with the new version, or {@code Conflict} with the one found
     * @throws ValueTooLargeException if the backend cannot hold the value; nothing happened
     */
    WriteResult putIfAbsent(String key, V value, PutOptions options);

    /**
     * Remove a value, whatever its version. One round trip.
     *
     * @param key the key
     * @return whether the key had a value
     */
    boolean remove(String key);

    /**
     * Remove a value if the key still has a version. One round trip if it has.
     *
     * @param key the key
     * @param version version as read
     * @return {@code Removed}, or {@code Conflict} with the version found
     */
    WriteResult remove(String key, String version);

    /**
     * Change a value by a function of itself, without losing a concurrent change.
     *
     * <p>Reads, calls the function and writes under the version read; starts over if another write came between, with a
     * growing random pause. The function may thus be called several times and must not have side effects.
     *
     * @param key the key
     * @param change called with the value, or {@code null} if the key has none; returns the new value, or {@code null} to
     *     remove the key
     * @return what the function returned last
     * @throws StateContentionException if other writers won every attempt; nothing happened
     */
    default @Nullable V compute(String key, UnaryOperator<@Nullable V> change) {
        return compute(key, change, PutOptions.defaults());
    }

    /**
     * Change a value by a function of itself, without losing a concurrent change.
     *
     * @param key the key
     * @param change as in {@link #compute(String, UnaryOperator)}
     * @param options how to keep the new value
     * @return what the function returned last
     * @throws StateContentionException if other writers won every attempt; nothing happened
     */
    @Nullable V compute(String key, UnaryOperator<@Nullable V> change, PutOptions options);

    /**
     * Change a value by a function of itself, beginning with an initial value, without losing a concurrent change.
     *
     * @param key the key
     * @param initial what the function is called with if the key has no value
     * @param change returns the new value; may be called several times and must not have side effects
     * @return what the function returned last
     * @throws StateContentionException if other writers won every attempt; nothing happened
     */
    default V compute(String key, V initial, UnaryOperator<V> change) {
        return compute(key, initial, change, PutOptions.defaults());
    }

    /**
     * Change a value by a function of itself, beginning with an initial value, without losing a concurrent change.
     *
     * @param key the key
     * @param initial what the function is called with if the key has no value
     * @param change as in {@link #compute(String, Object, UnaryOperator)}
     * @param options how to keep the new value
     * @return what the function returned last
     * @throws StateContentionException if other writers won every attempt; nothing happened
     */
    V compute(String key, V initial, UnaryOperator<V> change, PutOptions options);

    /**
     * Read several values. As few round trips as the backend allows, usually one.
     *
     * @param keys the keys; may repeat
     * @return a result for each key, in order; immutable
     */
    List<ReadResult<V>> getAll(Collection<String> keys);

    /**
     * Store several values; the last write wins. As few round trips as the backend allows; not atomic.
     *
     * @param values the values by key
     * @return the new versions by key, in the order of the values
     * @throws ValueTooLargeException if the backend cannot hold one of the values; nothing happened
     */
    Map<String, String> putAll(Map<String, ? extends V> values);

    /**
     * Write several keys. As few round trips as the backend allows; not atomic: a conflict on one key leaves the others
     * applied.
     *
     * @param changes the writes; several on one key take effect in order
     * @return a result for each change, in order; immutable
     * @throws ValueTooLargeException if the backend cannot hold one of the values; nothing happened
     */
    List<WriteResult> writeAll(List<? extends Change<V>> changes);

    /**
     * Write several keys, all or nothing. Needs the capability {@code Transactions}.
     *
     * @param operations called once to collect the operations, before anything happens
     * @return {@code Committed} with the new versions, or {@code Conflict} naming the key; then nothing was applied
     * @throws MissingCapabilityException if the backend has no transactions; declare it in {@link StateStore#requires()}
     *     to learn that at start
     */
    TransactionResult transact(Consumer<? super Transaction<V>> operations);

    /**
     * List keys by prefix. Needs the capability {@code KeyScan}, which tells whether keys come in order.
     *
     * <p>A key that has a value during the whole scan is found, whatever is written meanwhile.
     *
     * @param prefix what the keys begin with; empty for all
     * @param page how many keys, and where to start
     * @return the keys and where to go on
     * @throws MissingCapabilityException if the backend cannot list keys; declare it in {@link StateStore#requires()} to
     *     learn that at start
     */
    Page<String> keys(String prefix, PageRequest page);
}
