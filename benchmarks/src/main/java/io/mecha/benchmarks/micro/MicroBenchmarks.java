// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.micro;

import io.mecha.benchmarks.load.Numbers;
import io.mecha.benchmarks.load.Pace;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs JMH benchmarks in rounds and compares them.
 *
 * <p>JMH measures one benchmark to the end before it begins the next, so that a noisy minute spoils one side of a ratio.
 * Here each round starts a JVM for each benchmark in turn, and ratios are taken within a round.
 */
public final class MicroBenchmarks {

    private static final int WARM_UPS = 3;
    private static final int ITERATIONS = 3;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private final List<Line> lines;
    private final Pace pace;
    private final PrintStream out;
    private final Map<String, List<Double>> nanos = new LinkedHashMap<>();
    private final Map<String, List<Double>> bytes = new LinkedHashMap<>();

    private MicroBenchmarks(List<Line> lines, Pace pace, PrintStream out) {
        this.lines = lines;
        this.pace = pace;
        this.out = out;
    }

    /**
     * Run benchmarks, those that they are compared with included, and print a table.
     *
     * @param lines what to run and print
     * @param pace its time is the length of one of three iterations
     * @param out where the table goes
     */
    public static void run(List<Line> lines, Pace pace, PrintStream out) throws RunnerException {
        new MicroBenchmarks(lines, pace, out).run();
    }

    private void run() throws RunnerException {
        Options options = options();
        for (int round = 0; round < pace.rounds(); round++) {
            Collection<RunResult> results = new Runner(options).run();
            for (RunResult result : results) {
                String name = result.getParams().getBenchmark();
                add(nanos, name, result.getPrimaryResult().getScore());
                Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
                add(bytes, name, allocated == null ? Double.NaN : allocated.getScore());
            }
        }
        out.printf(
                "%n| benchmark | ns, median (best) | B/op | ÷ base (quartiles) | target | |%n|---|---|---|---|---|---|%n");
        lines.stream().filter(line -> nanos.containsKey(line.id())).forEach(this::print);
    }

    private Options options() {
        TimeValue iteration = TimeValue.milliseconds(pace.time().toMillis());
        ChainedOptionsBuilder options = new OptionsBuilder()
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(iteration)
                .measurementIterations(ITERATIONS)
                .measurementTime(iteration)
                .timeUnit(TimeUnit.NANOSECONDS)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");
        chosen().forEach(id -> options.include("^" + Pattern.quote(id) + "$"));
        return options.build();
    }

    private Set<String> chosen() {
        Set<String> ids = new LinkedHashSet<>();
        for (Line line : lines) {
            if (pace.only().matcher(line.name()).find()) {
                ids.add(line.baseId());
                ids.add(line.id());
            }
        }
        if (ids.isEmpty()) {
            throw new IllegalArgumentException("No benchmark is called " + pace.only());
        }
        return ids;
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
        double allocated = Numbers.median(bytes.getOrDefault(line.id(), List.of(Double.NaN)));
        out.printf(
                "| %s | %s (%s) | %s | %s (%s to %s) | %s |%n",
                line.name(),
                Numbers.text(median),
                Numbers.text(own.stream().mapToDouble(Double::doubleValue).min().orElse(0)),
                Numbers.text(allocated),
                Numbers.text(ratio),
                Numbers.text(Numbers.lowerQuartile(ratios)),
                Numbers.text(Numbers.upperQuartile(ratios)),
                line.verdict(median, allocated, ratio));
    }
}
