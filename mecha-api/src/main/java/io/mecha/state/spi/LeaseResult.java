// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * The outcome of asking for a lease.
 *
 * @since 1.0
 */
public sealed interface LeaseResult {

    /**
     * The owner has the lease.
     *
     * @param token the number of this grant; higher than that of every earlier grant of the name
     * @param remaining how long the lease lasts from when the backend answered, unless it is renewed
     */
    record Granted(long token, Duration remaining) implements LeaseResult {

        public Granted {
            Objects.requireNonNull(remaining, "remaining");
        }
    }

    /**
     * Another owner has the lease, or a transaction with a {@link Fence} of the latest grant is not over yet.
     *
     * @param remaining how long the lease lasts from when the backend answered, unless it is renewed or released before;
     *     zero if it may be free any moment
     */
    record Held(Duration remaining) implements LeaseResult {

        public Held {
            Objects.requireNonNull(remaining, "remaining");
        }
    }
}
