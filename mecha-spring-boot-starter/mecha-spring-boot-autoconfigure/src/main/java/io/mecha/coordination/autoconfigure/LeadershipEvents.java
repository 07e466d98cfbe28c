// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.Candidacy;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.LeadershipChange;
import io.mecha.coordination.StepDownReason;
import io.mecha.coordination.engine.LeadershipObserver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/** Publishes changes of leadership as events of the application. */
final class LeadershipEvents implements LeadershipObserver {

    private static final Logger logger = LoggerFactory.getLogger(LeadershipEvents.class);

    private final ApplicationEventPublisher events;

    LeadershipEvents(ApplicationEventPublisher events) {
        this.events = events;
    }

    @Override
    public void elected(Candidacy candidacy, FencingToken token) {
        logger.info("This node leads '{}' under token {}", candidacy.name(), token.value());
        publish(candidacy, Candidacy.State.LEADING, token, null);
    }

    @Override
    public void steppingDown(Candidacy candidacy, FencingToken token, StepDownReason reason) {
        publish(candidacy, Candidacy.State.STEPPING_DOWN, token, reason);
    }

    @Override
    public void steppedDown(Candidacy candidacy, FencingToken token, boolean inTime) {
        logger.info("This node does not lead '{}' any more", candidacy.name());
        publish(candidacy, Candidacy.State.STANDING, token, null);
    }

    private void publish(
            Candidacy candidacy, Candidacy.State state, FencingToken token, @Nullable StepDownReason reason) {
        try {
            events.publishEvent(new LeadershipChange(candidacy.name(), state, token, reason));
        } catch (RuntimeException failure) { // allow CatchException: a listener changes nothing of what is the case
            logger.warn("A listener for leadership changes of '{}' failed", candidacy.name(), failure);
        }
    }
}
