// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.SpringTransaction;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Additions to writes that not every store needs.
 *
 * @param group merges writes; {@code null} if each commits by itself
 * @param announcer announces changes; {@code null} if nobody listens
 * @param transaction knows the application's transactions; {@code null} if none can be joined
 * @param lost what these lost to others
 */
record WriteAdditions(
        @Nullable GroupCommit group,
        @Nullable Announcer announcer,
        @Nullable SpringTransaction transaction,
        @Nullable LostKeys lost) {

    static final WriteAdditions NONE = new WriteAdditions(null, null, null, null);

    /** Return the keys that this thread's transaction has to read as they are now. */
    Set<String> lostKeys() {
        Set<String> keys = lost == null ? null : lost.keys();
        return keys == null ? Set.of() : keys;
    }

    /** Remember what a transaction lost to others. */
    void remember(String key, WriteResult result) {
        if (lost != null && result instanceof WriteResult.Conflict) {
            lost.add(key);
        }
    }

    /** Return what merges writes, unless this call joins a transaction and so cannot be merged with others. */
    @Nullable GroupCommit groupCommit() {
        return group == null || (transaction != null && transaction.active()) ? null : group;
    }

    /** Announce the keys of a write that happened, or may have. */
    <R> R announcing(Supplier<? extends Collection<String>> keys, Supplier<R> write) {
        if (announcer == null) {
            return write.get();
        }
        R result;
        try {
            result = write.get();
        } catch (StateUnavailableException e) {
            if (e.mayHaveHappened()) {
                announcer.changed(keys.get());
            }
            throw e;
        }
        announcer.changed(keys.get());
        return result;
    }
}
