// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.memory;

import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.micro.Line;
import io.mecha.benchmarks.micro.MicroBenchmarks;
import java.io.PrintStream;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** Compares stores in memory with a map. */
public final class MemoryBenchmarks {

    private static final List<Line> LINES = List.of(
            Line.of(SharedGetBenchmark.class, "map"),
            Line.of(SharedGetBenchmark.class, "mapAndOptional").against("map"),
            Line.of(SharedGetBenchmark.class, "store").against("map").atMostNanos(100),
            Line.of(SharedGetBenchmark.class, "observedStore").against("map"),
            Line.of(SharedGetBenchmark.class, "observedForMetersStore").against("map"),
            Line.of(SharedGetBenchmark.class, "meteredStore")
                    .against("observedForMetersStore")
                    .atMostTimes(0.5),
            Line.of(VersionedPutBenchmark.class, "map"),
            Line.of(VersionedPutBenchmark.class, "store").against("map").atMostNanos(200),
            Line.of(VersionedPutBenchmark.class, "storeUnconditionally").against("map"),
            Line.of(TypedBenchmark.class, "getByHand"),
            Line.of(TypedBenchmark.class, "getFromStore").against("getByHand").atMostTimes(1.15),
            Line.of(TypedBenchmark.class, "putByHand"),
            Line.of(TypedBenchmark.class, "putToStore").against("putByHand").atMostTimes(1.2));

    private MemoryBenchmarks() {}

    /** Run all benchmarks and print a table. */
    public static void run(Pace pace, PrintStream out) throws RunnerException {
        MicroBenchmarks.run(LINES, pace, out);
    }
}
