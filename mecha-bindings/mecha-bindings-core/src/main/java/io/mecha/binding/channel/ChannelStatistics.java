// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import java.util.concurrent.atomic.LongAdder;

/**
 * The counters of a channel since the start, for metrics and the actuator.
 *
 * @since 1.0
 */
public final class ChannelStatistics {

    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder filtered = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder deadLettered = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder lateReplies = new LongAdder();
    private final LongAdder irregular = new LongAdder();
    private final LongAdder relayed = new LongAdder();
    private final LongAdder relayFailures = new LongAdder();
    private final LongAdder parked = new LongAdder();

    /** Begin at zero. */
    public ChannelStatistics() {}

    /**
     * Count events that the backend or the outbox took.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder sent() {
        return sent;
    }

    /**
     * Count messages that were taken from the backend.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder received() {
        return received;
    }

    /**
     * Count attempts that failed and were followed by another.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder retried() {
        return retried;
    }

    /**
     * Count events that no handler took.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder filtered() {
        return filtered;
    }

    /**
     * Count events that the inbox knew.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder duplicates() {
        return duplicates;
    }

    /**
     * Count events that a handler dropped.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder dropped() {
        return dropped;
    }

    /**
     * Count events that were too old.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder expired() {
        return expired;
    }

    /**
     * Count messages that went to the dead letter.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder deadLettered() {
        return deadLettered;
    }

    /**
     * Count messages that were given up without a dead letter.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder rejected() {
        return rejected;
    }

    /**
     * Count replies that nobody waited for any more.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder lateReplies() {
        return lateReplies;
    }

    /**
     * Count what is put aside now: messages whose dead letter is refused for good, and kept events that the backend refuses for good.
     *
     * @return how many there are; only the engine adds to it and takes away
     */
    public LongAdder parked() {
        return parked;
    }

    /**
     * Count events that were taken although they break the types of CloudEvents.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder irregular() {
        return irregular;
    }

    /**
     * Count events that were kept, in the outbox or until their delay was over, and then taken by the backend.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder relayed() {
        return relayed;
    }

    /**
     * Count attempts to hand a kept event to the backend that failed and were followed by another.
     *
     * @return the counter; only the engine adds to it
     */
    public LongAdder relayFailures() {
        return relayFailures;
    }
}
