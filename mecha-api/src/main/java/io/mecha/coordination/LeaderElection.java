// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.time.Duration;
import java.util.List;

/**
 * Elections of one active node for each name, on one state store.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 */
public interface LeaderElection {

    /**
     * Become a candidate with the default options.
     *
     * @param name 1 to 512 characters, not blank, without control characters; leaders have names of their own, apart from keys and locks
     * @param listener the work of the leader
     * @return the candidate, which stands at once; several on one node compete like those on several
     * @throws InvalidCoordinationRequestException if the name cannot be one
     */
    Candidacy join(String name, LeaderListener listener);

    /**
     * Become a candidate.
     *
     * @param name 1 to 512 characters, not blank, without control characters; leaders have names of their own, apart from keys and locks
     * @param listener the work of the leader
     * @param options how the leader is elected
     * @return the candidate, which stands at once; several on one node compete like those on several
     * @throws InvalidCoordinationRequestException if the name cannot be one
     */
    Candidacy join(String name, LeaderListener listener, ElectionOptions options);

    /**
     * Return the candidates of this node that are not closed.
     *
     * @return a copy, in the order in which they joined
     */
    List<Candidacy> candidacies();

    /**
     * Close all candidates of this node, as a drain does before the web server stops; others may join later.
     *
     * @param budget the longest time to wait for the work of leaders to end; what goes on after that is renewed until it has ended
     * @return whether all work has ended and all leaderships are given up
     */
    boolean withdraw(Duration budget);
}
