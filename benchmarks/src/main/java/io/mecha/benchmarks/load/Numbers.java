// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.util.List;
import java.util.Locale;

/** The arithmetic and the look of figures. */
public final class Numbers {

    static final double NANOS_PER_MICRO = 1_000;

    private Numbers() {}

    /** Return the value in the middle. */
    public static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Return the value that a quarter of all do not exceed. */
    public static double lowerQuartile(List<Double> values) {
        return values.stream().sorted().toList().get((values.size() - 1) / 4);
    }

    /** Return the value that a quarter of all are not below. */
    public static double upperQuartile(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() - 1 - (sorted.size() - 1) / 4);
    }

    /** Write a number with as many digits as it is worth; a dash for none. */
    public static String text(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        String format = size >= 1_000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
