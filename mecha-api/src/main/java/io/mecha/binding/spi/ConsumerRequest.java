// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import java.util.Objects;

/**
 * A request for what a consumer receives.
 *
 * @param group the group that shares the messages
 * @param ordering {@code KEY} only where the backend offers {@link KeyOrder}
 * @param startAt where to begin if the backend does not know the group
 * @param maxInFlight most deliveries that are not finished; at least 1. The adapter waits when it is reached, so that the engine
 *     need not
 * @param maxBatch how many deliveries the receiver would like at once; at least 1
 * @param ephemeral whether the group ends with this consumer, so that nothing of it is kept
 * @param paused whether to begin paused
 * @since 1.0
 */
public record ConsumerRequest(
        String group,
        Ordering ordering,
        StartAt startAt,
        int maxInFlight,
        int maxBatch,
        boolean ephemeral,
        boolean paused) {

    private static final int FREE_PARKED = 100;

    public ConsumerRequest {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(ordering, "ordering");
        Objects.requireNonNull(startAt, "startAt");
        if (maxInFlight < 1 || maxBatch < 1) {
            throw new IllegalArgumentException("A consumer has room for at least one delivery");
        }
    }

    /**
     * Tell how many deliveries may be handed out now. Those that were put aside take no place, up to {@code maxInFlight} of them and at
     * least 100: each takes memory.
     *
     * @param unfinished how many deliveries are not finished
     * @param parked how many of them were {@link Delivery#park put aside}
     * @return how many there is room for; not positive if there is none
     */
    public int room(int unfinished, int parked) {
        return maxInFlight - unfinished + Math.min(parked, Math.max(FREE_PARKED, maxInFlight));
    }

    /**
     * Tell whether one more delivery that is put aside takes no place.
     *
     * @param parked how many were put aside already
     * @return {@code false} if it would take one, so that a backend that can take it back does
     */
    public boolean roomAside(int parked) {
        return parked < Math.max(FREE_PARKED, maxInFlight);
    }

    /**
     * Ask for a group's messages in any order, one by one, from the beginning.
     *
     * @param group the group
     * @param maxInFlight most deliveries that are not finished
     * @return a request
     */
    public static ConsumerRequest of(String group, int maxInFlight) {
        return new ConsumerRequest(group, Ordering.NONE, StartAt.EARLIEST, maxInFlight, maxInFlight, false, false);
    }
}
