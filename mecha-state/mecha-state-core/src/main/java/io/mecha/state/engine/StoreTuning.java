// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a store that may change while it is in use, as one value that is replaced as a whole.
 *
 * @param timeToLive how long values are kept where a call does not say otherwise; {@code null} until they are removed
 * @param computeAttempts how often {@code compute} tries before it gives up; at least one
 * @param nearCache bounds of the near cache, if there is one
 * @since 1.0
 */
public record StoreTuning(
        @Nullable Duration timeToLive,
        int computeAttempts,
        @Nullable NearCacheOptions nearCache) {

    public StoreTuning {
        if (computeAttempts < 1) {
            throw new IllegalArgumentException("compute needs at least one attempt, not " + computeAttempts);
        }
    }
}
