// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks;

import io.mecha.benchmarks.cesql.FilterBenchmarks;
import io.mecha.benchmarks.channel.ChannelBenchmarks;
import io.mecha.benchmarks.embedded.EmbeddedBenchmarks;
import io.mecha.benchmarks.hop.HopBenchmark;
import io.mecha.benchmarks.kafka.KafkaBenchmark;
import io.mecha.benchmarks.load.Machine;
import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.memory.MemoryBenchmarks;
import io.mecha.benchmarks.outbox.OutboxBenchmark;
import io.mecha.benchmarks.postgresql.PostgresBenchmark;
import io.mecha.benchmarks.redis.RedisBenchmark;
import java.util.Arrays;

/** Runs a benchmark by name and prints its tables as Markdown. */
public final class Benchmarks {

    private static final String USAGE = """
            Usage: one of memory, redis, postgresql, hop, bindings-memory, cesql, kafka, outbox and embedded, then any of
              rounds=7      how often each case is measured
              seconds=2     how long each time
              warm-up=3     seconds before the first round
              only=regex    comparisons to make, by a part of their title
            """;

    private Benchmarks() {}

    /** Run the benchmark that the first argument names. */
    public static void main(String... arguments) throws Exception {
        String name = arguments.length == 0 ? "help" : arguments[0];
        if (name.equals("help")) {
            System.out.println(USAGE);
            return;
        }
        Pace pace = Pace.of(Arrays.copyOfRange(arguments, 1, arguments.length));
        System.out.printf("### %s: %s%n", name, Machine.describe());
        switch (name) {
            case "memory" -> MemoryBenchmarks.run(pace, System.out);
            case "redis" -> RedisBenchmark.run(pace, System.out);
            case "postgresql" -> PostgresBenchmark.run(pace, System.out);
            case "hop" -> HopBenchmark.run(pace, System.out);
            case "bindings-memory" -> ChannelBenchmarks.run(pace, System.out);
            case "cesql" -> FilterBenchmarks.run(pace, System.out);
            case "kafka" -> KafkaBenchmark.run(pace, System.out);
            case "outbox" -> OutboxBenchmark.run(pace, System.out);
            case "embedded" -> EmbeddedBenchmarks.run(pace, System.out);
            default -> throw new IllegalArgumentException("No benchmark is called " + name);
        }
        System.out.printf("%nEnd: %s%n", Machine.describe());
    }
}
