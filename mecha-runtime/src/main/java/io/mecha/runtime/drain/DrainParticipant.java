// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime.drain;

import io.mecha.lifecycle.Drain;
import java.util.List;

/**
 * A part of the drain: every bean of this type takes part, whichever primitive it belongs to.
 *
 * <p>The participants of one phase work at the same time, each on a thread of its own.
 */
public interface DrainParticipant {

    /**
     * Return what to call it in logs and in the actuator.
     *
     * @return a few words, for example {@code handlers of messages}
     */
    String name();

    /**
     * Return when it takes part.
     *
     * @return the phase
     */
    DrainPhase phase();

    /**
     * Do what belongs to the phase; called once for each drain, and when no time is left, too.
     *
     * @param drain the time it has; when that is over the thread is interrupted, and nobody waits for it any more
     * @throws Exception what went wrong; it is logged, and the drain goes on
     */
    void drain(Drain drain) throws Exception;

    /**
     * Return what is in progress now; called at any time, by any thread.
     *
     * @return a few words for each piece of work, for example {@code 2 handlers of channel 'orders', group 'shop'}; empty if there is none
     */
    List<String> unfinished();
}
