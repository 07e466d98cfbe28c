// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.runtime.Backoff;
import java.time.Duration;

/** The attempts at one call that the database may undo in favour of others; used by one thread. */
public final class Attempts {

    private static final int MOST = 10;
    private static final Backoff PAUSES =
            Backoff.doubling(Duration.ofMillis(2), Duration.ofMillis(64)).shortened(1);

    private int made = 1;

    /** Begin with the first. */
    public Attempts() {}

    /**
     * Tell whether the call may be run again.
     *
     * @return whether this was not the last attempt
     */
    public boolean left() {
        return made < MOST;
    }

    /** Wait for a moment that is left to chance, without a connection, before the next attempt. */
    public void pause() {
        PAUSES.pause(made++);
    }
}
