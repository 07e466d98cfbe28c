// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.embedded;

import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.micro.Line;
import io.mecha.benchmarks.micro.MicroBenchmarks;
import java.io.PrintStream;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** The calls to the embedded file, beside each other. */
public final class EmbeddedBenchmarks {

    private static final List<Line> LINES =
            List.of(Line.of(EmbeddedBenchmark.class, "get"), Line.of(EmbeddedBenchmark.class, "put"));

    private EmbeddedBenchmarks() {}

    /** Run all benchmarks and print a table. */
    public static void run(Pace pace, PrintStream out) throws RunnerException {
        MicroBenchmarks.run(LINES, pace, out);
    }
}
