// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measures the part of a run that counts: without what is done once at its beginning, and at its end. */
public final class Stretch {

    private static final double NANOS_PER_SECOND = 1e9;

    private final List<CpuMeter> meters;
    private Reading begin = new Reading(0, List.of());
    private Reading end = begin;
    private long events;

    private Stretch(List<CpuMeter> meters) {
        this.meters = meters;
    }

    private record Reading(long nanos, List<Duration> used) {}

    static Sample measure(String name, Run run, List<CpuMeter> meters) throws InterruptedException {
        Stretch stretch = new Stretch(meters);
        try {
            run.run(stretch);
        } catch (InterruptedException stopped) {
            throw stopped;
        } catch (Exception failed) { // allow CatchException: ends the benchmark and says where
            throw new IllegalStateException("A run of '%s' failed".formatted(name), failed);
        }
        return stretch.sample(name);
    }

    /** Begin to count. */
    public synchronized void begin() {
        begin = read();
    }

    /**
     * Stop counting.
     *
     * @param count how much was done since the beginning
     */
    public synchronized void end(long count) {
        end = read();
        events = count;
    }

    private Reading read() {
        return new Reading(
                System.nanoTime(),
                meters.stream().map(meter -> meter.used().get()).toList());
    }

    private synchronized Sample sample(String name) {
        if (events == 0 || begin.used().isEmpty()) {
            throw new IllegalStateException("A run of '%s' did not say what it did".formatted(name));
        }
        List<Double> cpu = new ArrayList<>();
        for (int index = 0; index < meters.size(); index++) {
            Duration used = end.used().get(index).minus(begin.used().get(index));
            cpu.add(used.toNanos() / Numbers.NANOS_PER_MICRO / events);
        }
        return new Sample(events * NANOS_PER_SECOND / (end.nanos() - begin.nanos()), Double.NaN, Double.NaN, cpu);
    }
}
