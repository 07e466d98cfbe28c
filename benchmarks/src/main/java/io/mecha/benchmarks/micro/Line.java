// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.micro;

import io.mecha.benchmarks.load.Numbers;
import java.util.ArrayList;
import java.util.List;

/**
 * What is printed of a JMH benchmark.
 *
 * @param type class of the benchmark
 * @param method its method
 * @param base method of the same class that it is compared with
 * @param targets what it is to reach
 */
public record Line(Class<?> type, String method, String base, List<Target> targets) {

    public Line {
        targets = List.copyOf(targets);
    }

    /** Print a benchmark that others are compared with. */
    public static Line of(Class<?> type, String method) {
        return new Line(type, method, method, List.of());
    }

    /** Compare with another method of the same class. */
    public Line against(String other) {
        return new Line(type, method, other, targets);
    }

    /** Say how many nanoseconds will do. */
    public Line atMostNanos(double limit) {
        return and(new Target(Measure.NANOS, limit));
    }

    /** Say how many bytes of garbage will do. */
    public Line atMostBytes(double limit) {
        return and(new Target(Measure.BYTES, limit));
    }

    /** Say how many times the time of the base will do. */
    public Line atMostTimes(double limit) {
        return and(new Target(Measure.TIMES, limit));
    }

    private Line and(Target target) {
        List<Target> all = new ArrayList<>(targets);
        all.add(target);
        return new Line(type, method, base, all);
    }

    String id() {
        return type.getName() + "." + method;
    }

    String baseId() {
        return type.getName() + "." + base;
    }

    String name() {
        return type.getSimpleName() + "." + method;
    }

    /** Returns two cells of a table: the targets, and whether they were reached. */
    String verdict(double nanos, double bytes, double times) {
        List<String> wanted = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (Target target : targets) {
            double found = switch (target.measure()) {
                case NANOS -> nanos;
                case BYTES -> bytes;
                case TIMES -> times;
            };
            wanted.add("≤ %s %s".formatted(Numbers.text(target.limit()), target.measure().unit));
            words.add(found <= target.limit() ? "reached" : "**missed**");
        }
        return "%s | %s".formatted(String.join(", ", wanted), String.join(", ", words));
    }

    /** What is compared. */
    enum Measure {
        NANOS("ns"),
        BYTES("B"),
        TIMES("×");

        private final String unit;

        Measure(String unit) {
            this.unit = unit;
        }
    }

    /**
     * What a benchmark is to reach.
     *
     * @param measure what is compared
     * @param limit the most that will do
     */
    record Target(Measure measure, double limit) {}
}
