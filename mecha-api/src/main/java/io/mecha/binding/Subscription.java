// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.time.Duration;

/**
 * The control over what receives from a channel.
 *
 * <p>Thread-safe. {@link #close()} drains: it takes no more messages, waits for the handlers that run, and gives the rest back
 * to the backend.
 *
 * @since 1.0
 */
public interface Subscription extends AutoCloseable {

    /** The state of a subscription. */
    enum State {
        /** Receives and handles. */
        RUNNING,
        /** Takes no new messages; handlers that run go on. */
        PAUSED,
        /** Receives nothing any more. */
        CLOSED
    }

    /**
     * Return the name of the channel.
     *
     * @return name of the channel
     */
    String channel();

    /**
     * Return the group.
     *
     * @return name of the group
     */
    String group();

    /**
     * Return what the subscription does now.
     *
     * @return the state
     */
    State state();

    /**
     * Return how many messages were taken from the backend and are not finished, those waiting for a retry included.
     *
     * @return zero or more
     */
    int inFlight();

    /** Take no new messages. Does nothing if paused or closed. */
    void pause();

    /** Take messages again. Does nothing if running or closed. */
    void resume();

    /**
     * Pause, and wait for the handlers that run.
     *
     * @param timeout longest time to wait
     * @return whether none runs any more
     */
    boolean drain(Duration timeout);

    /** Drain for at most the channel's {@code in.drain-timeout}, then receive nothing any more. */
    @Override
    void close();
}
