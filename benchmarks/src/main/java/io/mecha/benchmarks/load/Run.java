// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

/** What is measured as a whole, such as reading a queue to its end. */
@FunctionalInterface
public interface Run {

    /**
     * Do it once.
     *
     * @param stretch is told between which two moments how much was done; on any thread, before this returns
     * @throws Exception if it failed, which ends the benchmark
     */
    void run(Stretch stretch) throws Exception;
}
