// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

/** One call of what is measured. */
@FunctionalInterface
public interface Operation {

    /**
     * Make the call.
     *
     * @param thread number of the calling thread, from zero
     * @param draw a random number, not negative; for the choice of a key
     * @throws Exception if the call failed, which ends the benchmark
     */
    void run(int thread, int draw) throws Exception;
}
