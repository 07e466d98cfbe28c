// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.time.Duration;
import java.util.Optional;

/**
 * A candidate of this node in one election, until it is closed.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 */
public interface Candidacy extends AutoCloseable {

    /** The state of a candidate. */
    enum State {

        /** Another node leads, or nobody yet. */
        STANDING,

        /** This node leads. */
        LEADING,

        /** This node is about to hand over, or has lost the leadership, and its work has not ended yet. */
        STEPPING_DOWN,

        /** The candidate does not stand any more. */
        CLOSED
    }

    /**
     * Return what it is a candidate for.
     *
     * @return the name as the application gave it
     */
    String name();

    /**
     * Return the state of now. Asks no server.
     *
     * @return the state
     */
    State state();

    /**
     * Tell whether this node leads now. Asks no server.
     *
     * @return whether its leadership is valid
     */
    default boolean isLeader() {
        return leadership().isPresent();
    }

    /**
     * Return the leadership. Asks no server.
     *
     * @return empty if this node does not lead now
     */
    Optional<Leadership> leadership();

    /**
     * Step down in favour of another candidate; does nothing if this node does not lead.
     *
     * <p>Returns when the work has ended and the leadership is given up. For a while, which is longer than others need to ask, this
     * candidate does not stand. Called by that work itself, it returns at once, and the leadership is given up when the work has ended;
     * so it does while a {@link LeaderOnly} method has returned whose result comes later, for the caller may be what makes it.
     */
    void yieldLeadership();

    /** Stand no more. Steps down before, and waits until the work has ended, unless {@link #yieldLeadership} would not. */
    @Override
    void close();

    /**
     * Stand no more. Steps down before.
     *
     * @param budget the longest time to wait for the work to end; if that is too short, the leadership ends as soon as the work has
     * @return whether the work has ended and the leadership is given up
     */
    boolean close(Duration budget);
}
