// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that also says how time passes, for tests that move time instead of waiting for it.
 *
 * <p>Every other clock is asked for the calendar only: it may be set back or forward at any moment, and durations are measured without
 * it.
 *
 * @since 1.0
 */
public interface VirtualClock extends InstantSource {

    /**
     * Return how far time has passed.
     *
     * @return an instant that never goes back, and is not changed when the clock is set; only differences mean something
     */
    Instant elapsed();
}
