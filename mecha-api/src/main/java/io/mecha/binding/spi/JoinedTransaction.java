// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * Sending within the transaction of the calling thread: the capability of backends that live in the application's database.
 *
 * @since 1.0
 */
public interface JoinedTransaction {

    /**
     * Tell whether a send on this thread joins a transaction now.
     *
     * @return whether one is active on the backend's resource
     */
    boolean active();

    /**
     * Tell whether this is the resource of something else, so that both commit at once.
     *
     * @param resource for example a {@code DataSource}
     * @return whether it is the same
     */
    boolean on(Object resource);
}
