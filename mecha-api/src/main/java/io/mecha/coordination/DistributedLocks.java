// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

/**
 * The locks of the application by name, on one state store.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 */
public interface DistributedLocks {

    /**
     * Return a lock with the default options.
     *
     * @param name 1 to 512 characters, not blank, without control characters; locks have names of their own, apart from keys and leaders
     * @return the lock
     * @throws InvalidCoordinationRequestException if the name cannot be one
     */
    DistributedLock lock(String name);

    /**
     * Return a lock.
     *
     * @param name 1 to 512 characters, not blank, without control characters; locks have names of their own, apart from keys and leaders
     * @param options how to acquire and hold it
     * @return the lock
     * @throws InvalidCoordinationRequestException if the name cannot be one
     */
    DistributedLock lock(String name, LockOptions options);
}
