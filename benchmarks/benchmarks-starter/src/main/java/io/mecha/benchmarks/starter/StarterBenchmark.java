// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Starts a web application with Actuator in turns: alone, with the starter and nothing of it used, and with a store, a
 * sender and a handler. Prints medians, and quartiles of what each costs over the first in the same round.
 */
public final class StarterBenchmark {

    private static final double CPU_TARGET = 1.10;
    private static final double RESIDENT_TARGET = 15;
    private static final String PLAIN = "io.mecha.benchmarks.starter.plain.PlainApplication";
    private static final String USED = "io.mecha.benchmarks.starter.used.UsedApplication";

    private final List<String> options;
    private final int rounds;

    private StarterBenchmark(List<String> options, int rounds) {
        this.options = options;
        this.rounds = rounds;
    }

    /** Run with {@code rounds=7}, and {@code aot} for a cache of its own for each application; anything else goes to the JVMs. */
    public static void main(String... arguments) throws Exception {
        List<String> options = new ArrayList<>(List.of(arguments));
        boolean aot = options.remove("aot");
        int rounds = options.stream()
                .filter(option -> option.startsWith("rounds="))
                .mapToInt(option -> Integer.parseInt(option.substring("rounds=".length())))
                .findFirst()
                .orElse(7);
        options.removeIf(option -> option.startsWith("rounds="));
        Path directory = Files.createTempDirectory("mecha-benchmark-starter");
        try {
            new StarterBenchmark(options, rounds).run(directory, aot);
        } finally {
            delete(directory);
        }
    }

    private void run(Path directory, boolean aot) throws Exception {
        Classes classes = Classes.pack(directory);
        List<Side> sides = List.of(
                new Side("alone", classes.plain(), PLAIN, "plain.aot"),
                new Side("starter, unused", classes.withStarter(), PLAIN, "unused.aot"),
                new Side("starter, used", classes.withStarter(), USED, "used.aot"));
        if (aot) {
            for (Side side : sides) {
                start(side, "-XX:AOTCacheOutput=", directory);
            }
        }
        System.out.printf(
                "#### starter%s: Java %s, load %.1f%n%n", aot ? ", AOT cache" : "", Runtime.version(), load());
        List<List<Start>> starts =
                sides.stream().<List<Start>>map(side -> new ArrayList<>()).toList();
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < sides.size(); turn++) {
                int index = round % 2 == 0 ? turn : sides.size() - 1 - turn;
                Side side = sides.get(index);
                starts.get(index).add(start(side, aot ? "-XX:AOTCache=" : "", directory));
            }
        }
        print(sides, starts);
        System.out.printf(Locale.ROOT, "%nLoad at the end %.1f, %d rounds%n", load(), rounds);
    }

    private Start start(Side side, String option, Path directory) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        if (!option.isEmpty()) {
            all.add(option + directory.resolve(side.cache()));
        }
        return Start.of(all, side.classPath(), side.application(), Files.createTempDirectory(directory, "run"));
    }

    private static void print(List<Side> sides, List<List<Start>> starts) {
        System.out.println("| | CPU, ms | ÷ alone (quartiles) | RSS, MB | − alone (quartiles)"
                + " | heap kept | classes and code | classes | threads | |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        List<Start> base = starts.get(0);
        for (int index = 0; index < sides.size(); index++) {
            List<Start> own = starts.get(index);
            double[] cpu = compare(own, base, (one, other) -> one.cpu() / other.cpu());
            double[] resident = compare(own, base, (one, other) -> one.resident() - other.resident());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.0f | %.2f (%.2f to %.2f) | %.0f | %+.1f (%+.1f to %+.1f) | %.1f | %.1f | %.0f | %.0f | %s |%n",
                    sides.get(index).name(),
                    median(own, Start::cpu),
                    cpu[1],
                    cpu[0],
                    cpu[2],
                    median(own, Start::resident),
                    resident[1],
                    resident[0],
                    resident[2],
                    median(own, Start::heap),
                    median(own, Start::other),
                    median(own, Start::classes),
                    median(own, Start::threads),
                    verdict(cpu[1] <= CPU_TARGET, "CPU") + ", " + verdict(resident[1] <= RESIDENT_TARGET, "RSS"));
        }
    }

    private static String verdict(boolean reached, String what) {
        return what + (reached ? " reached" : " **missed**");
    }

    private static double[] compare(List<Start> own, List<Start> base, Ratio ratio) {
        double[] sorted = IntStream.range(0, own.size())
                .mapToDouble(round -> ratio.of(own.get(round), base.get(round)))
                .sorted()
                .toArray();
        int last = sorted.length - 1;
        return new double[] {sorted[last / 4], middle(sorted), sorted[last - last / 4]};
    }

    private static double median(List<Start> starts, ToDoubleFunction<Start> what) {
        return middle(starts.stream().mapToDouble(what).sorted().toArray());
    }

    private static double middle(double[] sorted) {
        return (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private record Side(String name, String classPath, String application, String cache) {}

    @FunctionalInterface
    private interface Ratio {
        double of(Start own, Start base);
    }
}
