// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.spi;

import java.util.Optional;

/**
 * The transaction of the application that calls on this thread join, which may still roll back: the capability of backends that live
 * in the application's database.
 *
 * <p>What is read, written or sent inside must not be shown to others before it is committed; a near cache, for example, steps aside.
 *
 * @since 1.0
 */
public interface SurroundingTransaction {

    /**
     * Tell whether a call on this thread joins a transaction now.
     *
     * @return whether one is active on the backend's resource
     */
    boolean active();

    /**
     * Tell whether the transactions of something else are the ones that are joined, without asking a server.
     *
     * @param resource what a transaction manager names as its resource, for example a {@code DataSource}
     * @return whether it is the backend's resource
     */
    boolean on(Object resource);

    /**
     * Return the isolation level of the transaction if it refuses to lock, or to change, what others have committed since it began; only
     * while {@link #active()}.
     *
     * @return the level as SQL names it, for messages; empty if the transaction gets on with what others commit
     */
    Optional<String> snapshot();

    /**
     * Run something when the transaction ends, whether it commits or rolls back; only while {@link #active()}.
     *
     * @param action must not throw
     */
    void afterCompletion(Runnable action);

    /**
     * Run something when the transaction has committed; only while {@link #active()}. After a rollback it does not run, and neither where
     * nobody knows how the transaction ended.
     *
     * @param action must not throw
     */
    void afterCommit(Runnable action);
}
