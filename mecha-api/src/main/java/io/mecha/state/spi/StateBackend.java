// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import io.mecha.spi.Backend;
import io.mecha.state.WriteResult;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one technology that keeps bytes by key.
 *
 * <p>The engine above has checked keys, values and times to live, added the prefix and turned values into bytes. A key is
 * well-formed text without control characters; it is compared by code points. An expired value does not exist: it is
 * never returned, meets {@code Precondition.ABSENT}, and is purged in time.
 *
 * <p>What more the technology can do is a capability, such as {@link Transactions}, {@link KeyScan} and {@link ChangeNotifications}.
 *
 * @since 1.0
 * @implSpec Thread-safe and blocking, without a monitor held over I/O. Creating a backend must not need its server:
 *     while the server cannot be reached, calls fail at once with {@code StateUnavailableException} and work again when it
 *     is back, without anybody's help. A write that may have reached the server is reported by {@code
 *     StateUnavailableException.mayHaveHappened}; an error of the server by {@code StateBackendException}.
 */
public interface StateBackend extends Backend {

    /**
     * Read one key.
     *
     * @param key the key
     * @return what is stored, or {@code null} if the key has no value
     */
    @Nullable Entry read(String key);

    /**
     * Read several keys in as few round trips as possible.
     *
     * @param keys the keys, without repetition
     * @return what is stored, by key; a key without a value is left out; any order
     */
    Map<String, Entry> readAll(Collection<String> keys);

    /**
     * Write one key.
     *
     * @param mutation what to write
     * @return {@code Written} with a new version, {@code Removed}, or {@code Conflict} with the version found
     * @implSpec Compare and write in one atomic step on the server. Every write gives a version that the key never had.
     */
    WriteResult write(Mutation mutation);

    /**
     * Write several keys in as few round trips as possible; not atomic.
     *
     * @param mutations what to write; several on one key take effect in order
     * @return a result for each, in order
     */
    List<WriteResult> writeAll(List<Mutation> mutations);

    /**
     * Return how large a value may be.
     *
     * @return the most bytes that one value may have; does not need the server
     */
    int maximumValueSize();
}
