// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.MechaException;
import io.mecha.lifecycle.start.StartRecord.Outcome;
import io.mecha.runtime.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One step, and how far it is. Thread-safe. */
final class StepRun {

    private final StartStep step;
    private final InstantSource clock;
    private final Backoff pauses;
    private Outcome outcome = Outcome.BLOCKED;
    private @Nullable Instant begin;
    private long beginNanos;
    private long nanos;
    private int attempts;
    private @Nullable Throwable failure;

    StepRun(StartStep step, InstantSource clock) {
        this.step = step;
        this.clock = clock;
        this.pauses = Backoff.of(
                        Objects.requireNonNull(step.retry().initial()),
                        Objects.requireNonNull(step.retry().multiplier()),
                        Objects.requireNonNull(step.retry().max()))
                .spread(Objects.requireNonNull(step.retry().jitter()));
    }

    StartStep step() {
        return step;
    }

    synchronized void attempt() {
        if (begin == null) {
            begin = clock.instant();
            beginNanos = System.nanoTime();
        }
        attempts++;
        outcome = Outcome.RUNNING;
    }

    synchronized void succeeded(boolean before) {
        failure = null;
        end(before ? Outcome.DONE_BEFORE : Outcome.DONE);
    }

    synchronized void failed(Throwable thrown) {
        failure = thrown;
        nanos = System.nanoTime() - beginNanos;
    }

    synchronized void end(Outcome last) {
        outcome = last;
        nanos = begin == null ? 0 : System.nanoTime() - beginNanos;
    }

    synchronized boolean isDone() {
        return outcome == Outcome.DONE || outcome == Outcome.DONE_BEFORE;
    }

    synchronized int attempts() {
        return attempts;
    }

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    Backoff pauses() {
        return pauses;
    }

    synchronized StartRecord view() {
        if (begin == null) {
            return new StartRecord(step.name(), step.kind(), clock.instant(), Duration.ZERO, outcome, 0, null);
        }
        long taken = outcome == Outcome.RUNNING || outcome == Outcome.RETRYING ? System.nanoTime() - beginNanos : nanos;
        return new StartRecord(
                step.name(), step.kind(), begin, Duration.ofNanos(taken), outcome, attempts, problem(failure));
    }

    // Not the message itself: those of client libraries may quote connection strings.
    private static @Nullable String problem(@Nullable Throwable failure) {
        if (failure == null) {
            return null;
        }
        return failure instanceof MechaException known
                ? known.code() + ": " + known.problem()
                : failure.getClass().getName();
    }
}
