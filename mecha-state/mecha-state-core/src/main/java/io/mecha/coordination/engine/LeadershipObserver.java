// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.Candidacy;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.StepDownReason;

/** An observer of this node's leaderships, for events and meters; called on threads of the engine, in order for each candidacy. */
public interface LeadershipObserver {

    /** An observer that does nothing. */
    LeadershipObserver NONE = new LeadershipObserver() {

        @Override
        public void elected(Candidacy candidacy, FencingToken token) {}

        @Override
        public void steppingDown(Candidacy candidacy, FencingToken token, StepDownReason reason) {}

        @Override
        public void steppedDown(Candidacy candidacy, FencingToken token, boolean inTime) {}
    };

    /**
     * This node leads, and its listener is about to be called.
     *
     * @param candidacy the candidate
     * @param token the token of the leadership
     */
    void elected(Candidacy candidacy, FencingToken token);

    /**
     * This node is to lead no more.
     *
     * @param candidacy the candidate
     * @param token the token of the leadership
     * @param reason why
     */
    void steppingDown(Candidacy candidacy, FencingToken token, StepDownReason reason);

    /**
     * The work of the leader has ended.
     *
     * @param candidacy the candidate
     * @param token the token of the leadership
     * @param inTime whether it ended before the lease
     */
    void steppedDown(Candidacy candidacy, FencingToken token, boolean inTime);
}
