// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

/**
 * What a case is to reach against the first case of its comparison.
 *
 * @param name the case
 * @param measure what is compared
 * @param limit the least, or the most, that will do
 */
public record Target(String name, Measure measure, double limit) {

    /** What is compared. */
    public enum Measure {
        /** Throughput divided by that of the first case: at least. */
        THROUGHPUT,
        /** Processor time of the client for each call, in microseconds more than the first case: at most. */
        CLIENT_CPU
    }

    boolean reached(double value) {
        return measure == Measure.THROUGHPUT ? value >= limit : value <= limit;
    }
}
