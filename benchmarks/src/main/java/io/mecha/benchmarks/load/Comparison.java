// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import io.mecha.benchmarks.load.Target.Measure;
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
        cases.add(new Case(name, threads, operation));
        return this;
    }

    /** Say how much of the first case's throughput the last one added must reach. */
    public Comparison throughputAtLeast(double share) {
        targets.add(new Target(last(), Measure.THROUGHPUT, share));
        return this;
    }

    /** Say how many more microseconds of this JVM's processor time a call of the last case may take. */
    public Comparison clientCpuAtMostPlus(double micros) {
        targets.add(new Target(last(), Measure.CLIENT_CPU, micros));
        return this;
    }

    private String last() {
        return cases.get(cases.size() - 1).name();
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
