// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.PropertyNames;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.runtime.Repeated;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bound of what a group has put aside of one partition, each of which takes memory.
 *
 * <p>What is put aside takes no place among those in flight. At the bound no more is read of the partition, whose records cannot be left to
 * the broker one by one, while all other partitions go on.
 */
final class AsideBound {

    private static final Logger LOGGER = LoggerFactory.getLogger(AsideBound.class);
    private static final int LEAST = 100;

    private final String channel;
    private final String group;
    private final int most;
    private final Repeated stops = new Repeated();

    AsideBound(String channel, ConsumerRequest request) {
        this.channel = channel;
        this.group = request.group();
        this.most = Math.max(LEAST, request.maxInFlight());
    }

    /** Tell whether no more should be read of a partition. */
    boolean isReached(PartitionTracker tracker) {
        return tracker.aside() > most;
    }

    /** Tell that a partition stops. */
    void warn(PartitionTracker tracker) {
        if (stops.add() > 0) {
            LOGGER.warn(
                    "Group '{}' of channel '{}' reads no more of partition {}, of which {} messages are put aside because their dead"
                            + " letters are refused for good; other partitions go on. Raise the limit of the dead letter's channel, or"
                            + " name another one in {}. With a larger {} more may be put aside.",
                    group,
                    channel,
                    tracker.partition(),
                    tracker.aside(),
                    PropertyNames.channel(channel, "in.dead-letter"),
                    PropertyNames.channel(channel, "in.prefetch"));
        }
    }
}
