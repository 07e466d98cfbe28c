// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import io.mecha.benchmarks.load.Target.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Several ways to do the same thing; the first is what the others are compared with. */
public final class Comparison {

    private final String title;
    private final int threads;
    private final List<Case> cases = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();

    /**
     * Begin a comparison.
     *
     * @param title what is done
     * @param threads how many threads do it at once
     */
    public Comparison(String title, int threads) {
        this.title = "%s, %d %s".formatted(title, threads, threads == 1 ? "thread" : "threads");
        this.threads = threads;
    }

    /** Add a way; the first one added is the base. */
    public Comparison with(String name, Operation operation) {
        cases.add(Case.of(name, threads, operation));
        return this;
    }

    /** Add a way that knows itself when it is done. */
    public Comparison withRun(String name, Run run) {
        cases.add(Case.of(name, run));
        return this;
    }

    /** Say how much of the first case's throughput the last one added must reach. */
    public Comparison throughputAtLeast(double share) {
        return throughputAtLeast(share, first());
    }

    /** Say how much of another case's throughput the last one added must reach. */
    public Comparison throughputAtLeast(double share, String other) {
        return target(other, Measure.THROUGHPUT, share);
    }

    /** Say how often the last case must be done in a second. */
    public Comparison perSecondAtLeast(double count) {
        return target(first(), Measure.PER_SECOND, count);
    }

    /** Say how many more microseconds of this JVM's processor time a call of the last case may take. */
    public Comparison clientCpuAtMostPlus(double micros) {
        return target(first(), Measure.CLIENT_CPU, micros);
    }

    /** Say how many times the first case's median duration a call of the last case may take. */
    public Comparison latencyAtMost(double times) {
        return target(first(), Measure.LATENCY, times);
    }

    /** Say how long the median call of the last case may take. */
    public Comparison latencyAtMost(Duration duration) {
        return target(first(), Measure.MICROS, duration.toNanos() / Numbers.NANOS_PER_MICRO);
    }

    private Comparison target(String base, Measure measure, double limit) {
        targets.add(new Target(cases.get(cases.size() - 1).name(), base, measure, limit));
        return this;
    }

    private String first() {
        return cases.get(0).name();
    }

    String title() {
        return title;
    }

    List<Case> cases() {
        return cases;
    }

    List<Target> targets() {
        return targets;
    }
}
