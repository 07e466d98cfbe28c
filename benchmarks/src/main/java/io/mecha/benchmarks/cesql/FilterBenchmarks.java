// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.cesql;

import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.micro.Line;
import io.mecha.benchmarks.micro.MicroBenchmarks;
import java.io.PrintStream;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** Compares filters with those of the SDK of CloudEvents, and a missing attribute with one that is there. */
public final class FilterBenchmarks {

    private static final int TYPE_NANOS = 20;
    private static final int AND_NANOS = 60;

    private static final List<Line> LINES = List.of(
            line("sdkType"),
            line("type").against("sdkType").atMostNanos(TYPE_NANOS),
            line("sdkAnd"),
            line("and").against("sdkAnd").atMostNanos(AND_NANOS),
            line("sdkMissing"),
            line("missing").against("type").atMostTimes(1),
            line("sdkLike"),
            line("like").against("sdkLike"),
            line("sdkIn"),
            line("in").against("sdkIn"));

    private FilterBenchmarks() {}

    private static Line line(String method) {
        return Line.of(FilterBenchmark.class, method);
    }

    /** Run all benchmarks and print a table. */
    public static void run(Pace pace, PrintStream out) throws RunnerException {
        MicroBenchmarks.run(LINES, pace, out);
    }
}
