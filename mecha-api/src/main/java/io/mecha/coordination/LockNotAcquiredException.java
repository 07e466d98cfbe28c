// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import io.mecha.MechaException;
import java.time.Duration;

/**
 * The failure to get a lock in time; somebody else has it, or nobody.
 *
 * @since 1.0
 */
public final class LockNotAcquiredException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final String lock;

    private LockNotAcquiredException(String code, String lock, String problem, String action) {
        super(code, problem, action, null);
        this.lock = lock;
    }

    /**
     * Report a wait that was too short.
     *
     * @param lock name of the lock
     * @param waited how long it was waited for
     * @param holder who has it, as far as it is known, a clause
     * @return the exception to throw
     */
    public static LockNotAcquiredException timedOut(String lock, Duration waited, String holder) {
        return new LockNotAcquiredException(
                "MECHA-K301",
                lock,
                "Lock '%s' was not free within %s: %s.".formatted(lock, waited, holder),
                "Try again later, wait longer, or hold it for a shorter time.");
    }

    /**
     * Report a wait that was ended by an interrupt.
     *
     * @param lock name of the lock
     * @return the exception to throw
     */
    public static LockNotAcquiredException interrupted(String lock) {
        return new LockNotAcquiredException(
                "MECHA-K302",
                lock,
                "The thread was interrupted while it waited for lock '%s'.".formatted(lock),
                "End the work of the thread; it is still interrupted.");
    }

    /**
     * Return the lock that was waited for.
     *
     * @return its name
     */
    public String lock() {
        return lock;
    }
}
