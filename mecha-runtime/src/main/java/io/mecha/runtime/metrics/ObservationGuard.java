// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime.metrics;

import io.mecha.Thrown;
import io.mecha.runtime.Repeated;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The begin and the end of observations, for tracers and handlers of the application. They have no say in what becomes of what they
 * observe: an exception of one of them is logged, and goes no further. Thread-safe.
 */
public final class ObservationGuard {

    /** Name of the tag for what came of it. */
    public static final String OUTCOME = "outcome";

    private static final Logger LOG = LoggerFactory.getLogger(ObservationGuard.class);

    private final ObservationRegistry registry;
    private final String observed;
    private final Repeated failures = new Repeated();

    /**
     * Guard observations.
     *
     * @param registry where they are made
     * @param observed what is observed, in the plural and with its name, for the log
     */
    public ObservationGuard(ObservationRegistry registry, String observed) {
        this.registry = registry;
        this.observed = observed;
    }

    /**
     * A call that is observed.
     *
     * @param <R> result
     * @param <X> what it throws
     */
    @FunctionalInterface
    public interface Call<R extends @Nullable Object, X extends Exception> {

        /**
         * Make the call.
         *
         * @return its result
         * @throws X if it fails
         */
        R run() throws X;
    }

    /**
     * Start an observation. It is to be stopped even if not all handlers have noticed its start.
     *
     * @param creation creates it
     * @return the observation; one that does nothing if it cannot be created
     */
    public Observation start(Supplier<Observation> creation) {
        Observation observation = Observation.NOOP;
        try {
            observation = creation.get();
            observation.start();
        } catch (Throwable broken) { // allow CatchException: what is observed goes on all the same
            failed(broken);
        }
        return observation;
    }

    /**
     * Observe a call on this thread.
     *
     * @param started the observation, which is stopped with the call
     * @param call the call
     * @param outcome names what a result means
     * @param error name of the outcome of a call that fails
     * @param <R> result
     * @param <X> what it throws
     * @return what the call returned
     * @throws X what the call threw
     */
    public <R extends @Nullable Object, X extends Exception> R observe(
            Observation started, Call<R, X> call, Function<? super R, String> outcome, String error) throws X {
        Observation.Scope scope = open(started);
        R result;
        try {
            result = call.run();
        } catch (Throwable failure) {
            close(scope);
            stop(started, error, failure);
            throw failure;
        }
        close(scope);
        stop(started, outcome.apply(result), null);
        return result;
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
            observation.lowCardinalityKeyValue(OUTCOME, outcome);
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

    private void failed(Throwable broken) {
        long count = failures.add();
        if (count > 0) {
            LOG.warn(
                    "Observations of {} failed, {} times; this changes nothing else: {}",
                    observed,
                    count,
                    Thrown.describe(broken));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("An observation failed", Thrown.loggable(broken));
        }
    }
}
