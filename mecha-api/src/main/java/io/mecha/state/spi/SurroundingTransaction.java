// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

/**
 * Tell whether calls on this thread join a transaction of the application, which may still roll back.
 *
 * <p>What is read or written inside must not be shown to others before it is committed, so a near cache steps aside.
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
     * Run something when the transaction ends, whether it commits or rolls back; only while {@link #active()}.
     *
     * @param action must not throw
     */
    void afterCompletion(Runnable action);
}
