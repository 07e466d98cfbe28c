// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import java.time.Duration;
import java.util.Objects;

/**
 * The bounds of a near cache.
 *
 * @param maximumSize how many keys at most; at least one
 * @param timeToLive how old a copy may get, which bounds how long a change on another node may go unseen where the
 *     backend cannot notify; positive
 * @since 1.0
 */
public record NearCacheOptions(long maximumSize, Duration timeToLive) {

    public NearCacheOptions {
        if (maximumSize < 1) {
            throw new IllegalArgumentException("A near cache holds at least one key, not " + maximumSize);
        }
        if (Objects.requireNonNull(timeToLive, "timeToLive").isNegative() || timeToLive.isZero()) {
            throw new IllegalArgumentException("A near cache needs a positive time to live, not " + timeToLive);
        }
    }
}
