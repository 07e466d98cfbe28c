// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle;

import java.time.Duration;

/**
 * The end of an application as one part of it sees it: how much time that part has left.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 */
public interface Drain {

    /**
     * Return how long the caller may still take. When it is over the thread is interrupted, and the drain goes on without the caller.
     *
     * @return what is left; zero if nothing is
     */
    Duration remaining();

    /**
     * Report work that is not finished, for the log and the actuator; called again, it replaces what was reported before.
     *
     * @param work a few words, for example {@code 12 uploads}; empty if all is finished
     */
    void unfinished(String work);
}
