// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Makes comparisons.
 *
 * <p>The machine is never quiet, and never equally loud for long. So the cases of a comparison take turns, for a short
 * time each, in an order that changes from round to round, and what is reported is the median over the rounds: a
 * neighbour who works for a second disturbs one round of one case. Processor time for each call suffers least.
 */
public final class Load {

    private static final int WARM_CALLS = 20_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Pace pace;
    private final PrintStream out;
    private final List<CpuMeter> meters = new ArrayList<>();

    /**
     * Prepare to make comparisons.
     *
     * @param pace how long and how often
     * @param out where tables go
     * @param servers processes whose processor time is told beside that of this JVM
     */
    public Load(Pace pace, PrintStream out, List<CpuMeter> servers) {
        this.pace = pace;
        this.out = out;
        meters.add(CpuMeter.ofThisProcess());
        meters.addAll(servers);
    }

    /** Make comparisons and print a table for each, and one of all targets. */
    public void run(List<Comparison> comparisons) throws InterruptedException {
        Report report = new Report(out, meters);
        for (Comparison comparison : comparisons) {
            if (pace.only().matcher(comparison.title()).find()) {
                report.print(comparison, measure(comparison.cases()));
            }
        }
        report.printVerdicts();
    }

    private List<List<Sample>> measure(List<Case> cases) throws InterruptedException {
        List<List<Sample>> samples = new ArrayList<>();
        for (Case subject : cases) {
            samples.add(new ArrayList<>());
            warmUp(subject);
        }
        List<Integer> order = new ArrayList<>();
        for (int index = 0; index < cases.size(); index++) {
            order.add(index);
        }
        for (int round = 0; round < pace.rounds(); round++) {
            for (int index : order) {
                samples.get(index).add(cases.get(index).measurement().measure(pace.time(), meters));
            }
            Collections.reverse(order);
        }
        return samples;
    }

    // What is slow, or starved by neighbours, is called too seldom in the time to be compiled.
    private void warmUp(Case subject) throws InterruptedException {
        double seconds = pace.warmUp().toNanos() / NANOS_PER_SECOND;
        double calls = 0;
        for (int attempt = 0; attempt < subject.warmUps() && calls < WARM_CALLS; attempt++) {
            calls += seconds
                    * subject.measurement().measure(pace.warmUp(), meters).perSecond();
        }
    }
}
