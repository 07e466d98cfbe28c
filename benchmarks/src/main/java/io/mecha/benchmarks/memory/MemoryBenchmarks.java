// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.memory;

import io.mecha.benchmarks.load.Numbers;
import io.mecha.benchmarks.load.Pace;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the JMH benchmarks of this package in rounds and compares them.
 *
 * <p>JMH measures one benchmark to the end before it begins the next, so that a noisy minute spoils one side of a ratio.
 * Here each round starts a JVM for each benchmark in turn, and ratios are taken within a round.
 */
public final class MemoryBenchmarks {

    private static final int WARM_UPS = 3;
    private static final int ITERATIONS = 3;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private static final List<Line> LINES = List.of(
            new Line(SharedGetBenchmark.class, "map", "map", 0, 0),
            new Line(SharedGetBenchmark.class, "mapAndOptional", "map", 0, 0),
            new Line(SharedGetBenchmark.class, "store", "map", 100, 0),
            new Line(SharedGetBenchmark.class, "observedStore", "map", 0, 0),
            new Line(VersionedPutBenchmark.class, "map", "map", 0, 0),
            new Line(VersionedPutBenchmark.class, "store", "map", 200, 0),
            new Line(VersionedPutBenchmark.class, "storeUnconditionally", "map", 0, 0),
            new Line(TypedBenchmark.class, "getByHand", "getByHand", 0, 0),
            new Line(TypedBenchmark.class, "getFromStore", "getByHand", 0, 1.15),
            new Line(TypedBenchmark.class, "putByHand", "putByHand", 0, 0),
            new Line(TypedBenchmark.class, "putToStore", "putByHand", 0, 1.15));

    private final Pace pace;
    private final PrintStream out;
    private final Map<String, List<Double>> nanos = new LinkedHashMap<>();
    private final Map<String, List<Double>> bytes = new LinkedHashMap<>();

    private MemoryBenchmarks(Pace pace, PrintStream out) {
        this.pace = pace;
        this.out = out;
    }

    /** Run all benchmarks and print a table; the pace's time is the length of one of three iterations. */
    public static void run(Pace pace, PrintStream out) throws RunnerException {
        new MemoryBenchmarks(pace, out).run();
    }

    private void run() throws RunnerException {
        for (int round = 0; round < pace.rounds(); round++) {
            Collection<RunResult> results = new Runner(options()).run();
            for (RunResult result : results) {
                String name = result.getParams().getBenchmark();
                add(nanos, name, result.getPrimaryResult().getScore());
                Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
                add(bytes, name, allocated == null ? Double.NaN : allocated.getScore());
            }
        }
        out.printf(
                "%n| benchmark | ns, median (best) | B/op | ÷ base (quartiles) | target | |%n|---|---|---|---|---|---|%n");
        LINES.stream().filter(line -> nanos.containsKey(line.id())).forEach(this::print);
    }

    private Options options() {
        TimeValue iteration = TimeValue.milliseconds(pace.time().toMillis());
        return new OptionsBuilder()
                .include(MemoryBenchmarks.class.getPackageName() + ".*"
                        + pace.only().pattern() + ".*")
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(iteration)
                .measurementIterations(ITERATIONS)
                .measurementTime(iteration)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+UseG1GC")
                .build();
    }

    private static void add(Map<String, List<Double>> values, String name, double value) {
        values.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
    }

    private void print(Line line) {
        List<Double> own = nanos.getOrDefault(line.id(), List.of());
        List<Double> base = nanos.getOrDefault(line.baseId(), own);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < own.size(); round++) {
            ratios.add(own.get(round) / base.get(round));
        }
        double median = Numbers.median(own);
        double ratio = Numbers.median(ratios);
        out.printf(
                "| %s | %s (%s) | %s | %s (%s to %s) | %s |%n",
                line.name(),
                Numbers.text(median),
                Numbers.text(own.stream().mapToDouble(Double::doubleValue).min().orElse(0)),
                Numbers.text(Numbers.median(bytes.getOrDefault(line.id(), List.of(Double.NaN)))),
                Numbers.text(ratio),
                Numbers.text(Numbers.lowerQuartile(ratios)),
                Numbers.text(Numbers.upperQuartile(ratios)),
                line.verdict(median, ratio));
    }

    /**
     * What is printed of a benchmark.
     *
     * @param type class of the benchmark
     * @param method its method
     * @param base method of the same class that it is compared with
     * @param mostNanos the most nanoseconds that will do; zero if any will
     * @param mostTimes the most times of the base that will do; zero if any will
     */
    private record Line(Class<?> type, String method, String base, double mostNanos, double mostTimes) {

        String id() {
            return type.getName() + "." + method;
        }

        String baseId() {
            return type.getName() + "." + base;
        }

        String name() {
            return type.getSimpleName() + "." + method;
        }

        String verdict(double nanos, double ratio) {
            if (mostNanos > 0) {
                return "≤ %s ns | %s".formatted(Numbers.text(mostNanos), word(nanos <= mostNanos));
            }
            return mostTimes > 0 ? "≤ %s × | %s".formatted(mostTimes, word(ratio <= mostTimes)) : " | ";
        }

        private static String word(boolean reached) {
            return reached ? "reached" : "**missed**";
        }
    }
}
