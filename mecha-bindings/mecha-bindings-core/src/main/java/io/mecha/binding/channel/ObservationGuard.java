// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.Thrown;
import io.mecha.runtime.Repeated;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The begin and the end of observations of a channel. Whoever observes has no say in what becomes of an event: what a handler of
 * observations throws is told, and goes no further. Thread-safe.
 */
public final class ObservationGuard {

    private static final Logger LOG = LoggerFactory.getLogger(ObservationGuard.class);

    private final ObservationRegistry registry;
    private final String observed;
    private final String channel;
    private final Repeated failures = new Repeated();

    /**
     * Guard the observations of a channel.
     *
     * @param registry where they are made
     * @param observed what is observed, in the plural
     * @param channel the name of the channel
     */
    public ObservationGuard(ObservationRegistry registry, String observed, String channel) {
        this.registry = registry;
        this.observed = observed;
        this.channel = channel;
    }

    /**
     * Start an observation. It is to be stopped even if not all handlers have noticed its start.
     *
     * @param observation the observation
     */
    public void start(Observation observation) {
        try {
            observation.start();
        } catch (Throwable broken) { // allow CatchException: what is observed goes on all the same
            failed(broken);
        }
    }

    /**
     * Make an observation the current one of this thread.
     *
     * @param observation the observation
     * @return what is to be closed on this thread
     */
    public Observation.Scope open(Observation observation) {
        Observation.Scope before = registry.getCurrentObservationScope();
        try {
            return observation.openScope();
        } catch (Throwable broken) { // allow CatchException: what is observed goes on all the same
            failed(broken);
        }
        Observation.Scope half = registry.getCurrentObservationScope(); // it is current before a handler is told
        return half == null || half.equals(before) ? Observation.Scope.NOOP : half;
    }

    /**
     * Close what was opened.
     *
     * @param scope the scope
     */
    public void close(Observation.Scope scope) {
        try {
            scope.close();
        } catch (Throwable broken) { // allow CatchException: what is observed goes on all the same
            failed(broken);
            registry.setCurrentObservationScope(scope.getPreviousObservationScope());
        }
    }

    /**
     * Stop an observation.
     *
     * @param observation the observation
     * @param outcome what came of what was observed
     * @param failure what it failed with; {@code null} if it did not
     */
    public void stop(Observation observation, String outcome, @Nullable Throwable failure) {
        try {
            observation.lowCardinalityKeyValue(MessagingAttributes.OUTCOME, outcome);
            if (failure != null) {
                observation.error(Thrown.loggable(failure));
            }
        } catch (Throwable broken) { // allow CatchException: what is observed has ended all the same
            failed(broken);
        }
        try {
            observation.stop();
        } catch (Throwable broken) { // allow CatchException: what is observed has ended all the same
            failed(broken);
        }
    }

    /**
     * Tell that something could not be observed.
     *
     * @param broken what was thrown
     */
    public void failed(Throwable broken) {
        long count = failures.add();
        if (count > 0) {
            LOG.warn(
                    "Observations of {} of channel '{}' failed, {} times; the events go on all the same: {}",
                    observed,
                    channel,
                    count,
                    Thrown.describe(broken));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("An observation failed", Thrown.loggable(broken));
        }
    }
}
