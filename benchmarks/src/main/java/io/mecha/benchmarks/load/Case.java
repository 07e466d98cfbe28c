// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.time.Duration;
import java.util.List;

/**
 * One way to do something.
 *
 * @param name what it is called in tables
 * @param warmUps how often it is done at most before it is measured
 * @param measurement does it for a while
 */
record Case(String name, int warmUps, Measurement measurement) {

    private static final int WARM_UPS = 5;
    private static final int WARM_RUNS = 2;

    /** A way to do something again and again, by several threads at once. */
    static Case of(String name, int threads, Operation operation) {
        return new Case(name, WARM_UPS, (time, meters) -> Cell.measure(name, threads, operation, time, meters));
    }

    /** A way that knows itself when it is done. */
    static Case of(String name, Run run) {
        return new Case(name, WARM_RUNS, (time, meters) -> Stretch.measure(name, run, meters));
    }

    /** How a case is measured once. */
    interface Measurement {

        Sample measure(Duration time, List<CpuMeter> meters) throws InterruptedException;
    }
}
