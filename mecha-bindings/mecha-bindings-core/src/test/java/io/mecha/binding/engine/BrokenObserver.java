// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

/** An observer that fails whenever it is told of one thing. */
final class BrokenObserver implements ObservationHandler<Observation.Context> {

    private final Moment broken;

    private BrokenObserver(Moment broken) {
        this.broken = broken;
    }

    static ObservationRegistry registry(Moment broken) {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new BrokenObserver(broken));
        return registry;
    }

    /** What an observer is told of. */
    enum Moment {
        SUPPORT,
        START,
        STOP,
        ERROR,
        OPEN,
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
