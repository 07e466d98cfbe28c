// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.SpringTransaction;
import io.mecha.state.StateUnavailableException;
import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Add to writes what is not always wanted.
 *
 * @param group merges writes; {@code null} if each commits by itself
 * @param announcer announces changes; {@code null} if nobody listens
 * @param transaction knows the application's transactions; {@code null} if none can be joined
 */
record Extras(
        @Nullable GroupCommit group,
        @Nullable Announcer announcer,
        @Nullable SpringTransaction transaction) {

    static final Extras NONE = new Extras(null, null, null);

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
