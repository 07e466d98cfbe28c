// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.util.ArrayList;
import java.util.List;

/**
 * What a case is to reach.
 *
 * @param name the case
 * @param base the case that it is compared with, or itself
 * @param measure what is compared
 * @param limit the least, or the most, that will do
 */
record Target(String name, String base, Measure measure, double limit) {

    /** What is compared. */
    enum Measure {
        /** Throughput divided by that of the base: at least. */
        THROUGHPUT("throughput ≥ %s × %s"),
        /** Calls in a second: at least. */
        PER_SECOND("calls/s ≥ %s"),
        /** Processor time of the client for each call, in microseconds more than the base: at most. */
        CLIENT_CPU("client CPU µs ≤ %s more than %s"),
        /** Median duration of a call divided by that of the base: at most. */
        LATENCY("p50 ≤ %s × %s"),
        /** Median duration of a call in microseconds: at most. */
        MICROS("p50 µs ≤ %s");

        private final String text;

        Measure(String text) {
            this.text = text;
        }

        private double of(Sample own, Sample base) {
            return switch (this) {
                case THROUGHPUT -> own.perSecond() / base.perSecond();
                case PER_SECOND -> own.perSecond();
                case CLIENT_CPU -> own.cpu().get(0) - base.cpu().get(0);
                case LATENCY -> own.p50() / base.p50();
                case MICROS -> own.p50();
            };
        }
    }

    String text() {
        return measure.text.formatted(Numbers.text(limit), base);
    }

    /** Returns the median of what the rounds say. */
    double value(List<Sample> own, List<Sample> other) {
        List<Double> values = new ArrayList<>();
        for (int round = 0; round < own.size(); round++) {
            values.add(measure.of(own.get(round), other.get(round)));
        }
        return Numbers.median(values);
    }

    boolean reached(double value) {
        boolean least = measure == Measure.THROUGHPUT || measure == Measure.PER_SECOND;
        return least ? value >= limit : value <= limit;
    }
}
