// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import java.util.function.Supplier;

/**
 * The transactions that calls of a memory store join, for tests of code whose store is in a database elsewhere.
 *
 * @since 1.0
 */
public interface TransactionScope {

    /**
     * Tell whether a call on this thread joins a transaction now.
     *
     * @return whether one is active
     */
    boolean active();

    /**
     * Return what takes part in the active transaction for an owner; only while {@link #active()}.
     *
     * @param <P> type of the participant
     * @param owner whose participant it is, by identity
     * @param participant makes it, the first time that the owner asks in this transaction
     * @return the participant, which is told how the transaction ends
     */
    <P extends Participant> P participant(Object owner, Supplier<P> participant);

    /**
     * Run something when the transaction ends, whether it commits or rolls back; only while {@link #active()}.
     *
     * @param action must not throw
     */
    void afterCompletion(Runnable action);

    /**
     * Run something when the transaction has committed, and not after a rollback; only while {@link #active()}.
     *
     * @param action must not throw
     */
    void afterCommit(Runnable action);

    /**
     * A participant of a transaction; told once how it ended.
     *
     * @since 1.0
     */
    interface Participant {

        /** Make visible to others what was done. */
        void commit();

        /** Undo what was done. */
        void rollback();
    }
}
