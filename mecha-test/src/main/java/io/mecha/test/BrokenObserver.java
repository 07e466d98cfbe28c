// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

/**
 * A handler of Micrometer's observations that fails whenever it is told of one thing.
 *
 * @since 1.0
 */
public final class BrokenObserver implements ObservationHandler<Observation.Context> {

    private final Moment broken;

    private BrokenObserver(Moment broken) {
        this.broken = broken;
    }

    /**
     * Make a registry with such a handler.
     *
     * @param broken when it fails
     * @return a registry without other handlers
     */
    public static ObservationRegistry registry(Moment broken) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new BrokenObserver(broken));
        return registry;
    }

    /**
     * A thing that a handler is told of.
     *
     * @since 1.0
     */
    public enum Moment {
        /** The question whether it wants to be told of an observation. */
        SUPPORT,
        /** The start of an observation. */
        START,
        /** The end of an observation. */
        STOP,
        /** An error of what is observed. */
        ERROR,
        /** The begin of a scope. */
        OPEN,
        /** The end of a scope. */
        CLOSE
    }

    private void tell(Moment moment) {
        if (moment == broken) {
            throw new LinkageError("no backend");
        }
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        tell(Moment.SUPPORT);
        return true;
    }

    @Override
    public void onStart(Observation.Context context) {
        tell(Moment.START);
    }

    @Override
    public void onStop(Observation.Context context) {
        tell(Moment.STOP);
    }

    @Override
    public void onError(Observation.Context context) {
        tell(Moment.ERROR);
    }

    @Override
    public void onScopeOpened(Observation.Context context) {
        tell(Moment.OPEN);
    }

    @Override
    public void onScopeClosed(Observation.Context context) {
        tell(Moment.CLOSE);
    }
}
