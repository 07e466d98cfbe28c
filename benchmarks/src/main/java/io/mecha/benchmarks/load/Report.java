// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Writes what was measured as Markdown; ratios are medians of the ratios within each round. */
final class Report {

    private final PrintStream out;
    private final List<CpuMeter> meters;
    private final List<String> verdicts = new ArrayList<>();

    Report(PrintStream out, List<CpuMeter> meters) {
        this.out = out;
        this.meters = meters;
    }

    void print(Comparison comparison, List<List<Sample>> byCase) {
        out.printf("%n#### %s%n%n", comparison.title());
        String cpu = String.join(
                "",
                meters.stream()
                        .map(meter -> " %s CPU µs |".formatted(meter.name()))
                        .toList());
        out.println("| case | calls/s, median (best) | p50 µs | p99 µs |" + cpu
                + " sum of CPU µs | ÷ first (quartiles) | client CPU − first |");
        out.println("|---|---|---|---|" + "---|".repeat(meters.size()) + "---|---|---|");
        List<Sample> base = byCase.get(0);
        for (int index = 0; index < byCase.size(); index++) {
            out.println(row(comparison.cases().get(index).name(), byCase.get(index), base));
        }
        for (Target target : comparison.targets()) {
            judge(comparison, target, byCase);
        }
    }

    private String row(String name, List<Sample> samples, List<Sample> base) {
        List<Double> throughput = values(samples, Sample::perSecond);
        StringBuilder row = new StringBuilder("| " + name + " | " + Numbers.text(Numbers.median(throughput)) + " ("
                + Numbers.text(throughput.stream()
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElse(0)) + ")");
        row.append(" | ").append(median(samples, Sample::p50));
        row.append(" | ").append(median(samples, Sample::p99));
        for (int index = 0; index < meters.size(); index++) {
            int meter = index;
            row.append(" | ").append(median(samples, sample -> sample.cpu().get(meter)));
        }
        row.append(" | ")
                .append(median(
                        samples,
                        sample -> sample.cpu().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum()));
        List<Double> ratios = ratios(samples, base);
        row.append(" | %s (%s to %s)"
                .formatted(
                        Numbers.text(Numbers.median(ratios)),
                        Numbers.text(Numbers.lowerQuartile(ratios)),
                        Numbers.text(Numbers.upperQuartile(ratios))));
        return row.append(" | %s |".formatted(Numbers.text(Numbers.median(extraCpu(samples, base)))))
                .toString();
    }

    private void judge(Comparison comparison, Target target, List<List<Sample>> byCase) {
        List<String> names = comparison.cases().stream().map(Case::name).toList();
        double value = target.value(byCase.get(names.indexOf(target.name())), byCase.get(names.indexOf(target.base())));
        verdicts.add("| %s: %s | %s | %s | %s |"
                .formatted(
                        comparison.title(),
                        target.name(),
                        target.text(),
                        Numbers.text(value),
                        target.reached(value) ? "reached" : "**missed**"));
    }

    void printVerdicts() {
        if (!verdicts.isEmpty()) {
            out.printf("%n#### Targets%n%n| comparison | target | measured | |%n|---|---|---|---|%n");
            verdicts.forEach(out::println);
        }
    }

    private static List<Double> ratios(List<Sample> samples, List<Sample> base) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < samples.size(); round++) {
            ratios.add(samples.get(round).perSecond() / base.get(round).perSecond());
        }
        return ratios;
    }

    private static List<Double> extraCpu(List<Sample> samples, List<Sample> base) {
        List<Double> extra = new ArrayList<>();
        for (int round = 0; round < samples.size(); round++) {
            extra.add(samples.get(round).cpu().get(0) - base.get(round).cpu().get(0));
        }
        return extra;
    }

    private static List<Double> values(List<Sample> samples, ToDoubleFunction<Sample> what) {
        return samples.stream().map(what::applyAsDouble).toList();
    }

    private static String median(List<Sample> samples, ToDoubleFunction<Sample> what) {
        return Numbers.text(Numbers.median(values(samples, what)));
    }
}
