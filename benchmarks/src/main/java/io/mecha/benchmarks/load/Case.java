// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.time.Duration;
import java.util.List;

/**
 * One way to do something.
 *
 * @param name what it is called in tables
 * @param measurement does it for a while
 */
record Case(String name, Measurement measurement) {

    /** A way to do something again and again, by several threads at once. */
    static Case of(String name, int threads, Operation operation) {
        return new Case(name, (time, meters) -> Cell.measure(name, threads, operation, time, meters));
    }

    /** A way that knows itself when it is done. */
    static Case of(String name, Run run) {
        return new Case(name, (time, meters) -> Stretch.measure(name, run, meters));
    }

    /** How a case is measured once. */
    interface Measurement {

        Sample measure(Duration time, List<CpuMeter> meters) throws InterruptedException;
    }
}
