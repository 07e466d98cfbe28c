// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.util.Arrays;

/** Counts durations in buckets that are three percent wide or narrower; for one thread at a time. */
final class Latencies {

    private static final int STEPS_BITS = 5;
    private static final int STEPS = 1 << STEPS_BITS;
    private static final double NANOS_PER_MICRO = 1_000.0;

    private final long[] counts = new long[(Long.SIZE - STEPS_BITS) * STEPS];
    private long total;

    void record(long nanos) {
        counts[bucket(Math.max(0, nanos))]++;
        total++;
    }

    void add(Latencies other) {
        Arrays.setAll(counts, index -> counts[index] + other.counts[index]);
        total += other.total;
    }

    long total() {
        return total;
    }

    /** Returns the duration that a share of all calls did not exceed, or zero if there were no calls. */
    double microsAt(double share) {
        long rank = (long) Math.ceil(share * total);
        long seen = 0;
        for (int index = 0; index < counts.length; index++) {
            seen += counts[index];
            if (seen >= rank && seen > 0) {
                return upperBound(index) / NANOS_PER_MICRO;
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - STEPS_BITS - 1);
        return shift * STEPS + (int) (nanos >> shift);
    }

    private static long upperBound(int bucket) {
        int shift = Math.max(0, bucket / STEPS - 1);
        return (bucket - (long) shift * STEPS + 1) << shift;
    }
}
