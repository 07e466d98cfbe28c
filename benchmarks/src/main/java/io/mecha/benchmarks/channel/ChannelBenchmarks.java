// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.channel;

import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.micro.Line;
import io.mecha.benchmarks.micro.MicroBenchmarks;
import java.io.PrintStream;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** Compares channels within this JVM with what Spring has for it. */
public final class ChannelBenchmarks {

    private static final int DIRECT_NANOS = 300;
    private static final int DIRECT_BYTES = 400;
    private static final int HAND_OFF_NANOS = 500;
    private static final double METERED = 0.5;

    private static final List<Line> LINES = List.of(
            Line.of(DirectBenchmark.class, "directChannel"),
            Line.of(DirectBenchmark.class, "applicationEvent").against("directChannel"),
            Line.of(DirectBenchmark.class, "channel")
                    .against("directChannel")
                    .atMostNanos(DIRECT_NANOS)
                    .atMostBytes(DIRECT_BYTES),
            Line.of(DirectBenchmark.class, "channelOfEvents")
                    .against("directChannel")
                    .atMostNanos(DIRECT_NANOS)
                    .atMostBytes(DIRECT_BYTES),
            Line.of(DirectBenchmark.class, "ownEvent").against("directChannel"),
            Line.of(MeteredBenchmark.class, "observed"),
            Line.of(MeteredBenchmark.class, "metered").against("observed").atMostTimes(METERED),
            Line.of(HandOffBenchmark.class, "executorChannel"),
            Line.of(HandOffBenchmark.class, "channel")
                    .against("executorChannel")
                    .atMostNanos(HAND_OFF_NANOS),
            Line.of(HandOffBenchmark.class, "channelOfTwo")
                    .against("executorChannel")
                    .atMostNanos(HAND_OFF_NANOS),
            Line.of(WireBenchmark.class, "payload"),
            Line.of(WireBenchmark.class, "ownEvent").against("payload"));

    private ChannelBenchmarks() {}

    /** Run all benchmarks and print a table. */
    public static void run(Pace pace, PrintStream out) throws RunnerException {
        MicroBenchmarks.run(LINES, pace, out);
    }
}
