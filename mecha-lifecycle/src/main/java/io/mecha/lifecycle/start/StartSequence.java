// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.Thrown;
import io.mecha.lifecycle.start.StartRecord.Outcome;
import io.mecha.lifecycle.start.StartStep.Kind;
import io.mecha.lifecycle.start.StartStep.OnFailure;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.SupervisedThread;
import io.mecha.runtime.Threads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a start: connections first, all at once, then initializers, one after the other. When all have succeeded, the gate opens.
 */
public final class StartSequence {

    private static final Logger LOG = LoggerFactory.getLogger(StartSequence.class);
    private static final Backoff PAUSES =
            Backoff.doubling(Duration.ofMillis(200), Duration.ofSeconds(10)).shortened(0.2);

    private final List<StepRun> connections;
    private final List<StepRun> initializers;
    private final StartGate gate;
    private final ExecutorService executor = Threads.unbounded("mecha-start");
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable SupervisedThread background;

    /**
     * Prepare a start.
     *
     * @param steps what is to be done
     * @param gate what is opened afterwards
     * @param clock tells when a step began
     * @throws InvalidConfigurationException if the order cannot be kept
     */
    public StartSequence(List<StartStep> steps, StartGate gate, InstantSource clock) {
        List<Mistake> mistakes = new ArrayList<>();
        this.connections = steps.stream()
                .filter(step -> step.kind() == Kind.CONNECTION)
                .map(step -> new StepRun(step, clock))
                .toList();
        this.initializers = ordered(steps, mistakes::add).stream()
                .map(step -> new StepRun(step, clock))
                .toList();
        this.gate = gate;
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
    }

    /**
     * Look for mistakes in the order of initializers.
     *
     * @param steps what is to be done
     * @param mistakes takes names that are used twice or unknown, and circles
     * @return the initializers among them, in their order
     */
    public static List<StartStep> ordered(List<StartStep> steps, Consumer<Mistake> mistakes) {
        return StartOrder.sort(
                steps.stream().filter(step -> step.kind() == Kind.INITIALIZER).toList(), mistakes);
    }

    /**
     * Tell whether there is anything to do.
     *
     * @return whether there are steps
     */
    public boolean isEmpty() {
        return connections.isEmpty() && initializers.isEmpty();
    }

    /**
     * Return how far all steps are.
     *
     * @return a record of each, in their order
     */
    public List<StartRecord> records() {
        List<StartRecord> records = new ArrayList<>();
        connections.forEach(run -> records.add(run.view()));
        initializers.forEach(run -> records.add(run.view()));
        return records;
    }

    /**
     * Do all steps, and open the gate; if some are to be tried again in the background, it opens later.
     *
     * @throws StartFailedException if a step failed without which the application does not start, or if the steps were closed before all
     *     had succeeded
     */
    public void run() {
        CompletableFuture.allOf(connections.stream()
                        .map(run -> CompletableFuture.runAsync(() -> first(run), executor))
                        .toArray(CompletableFuture[]::new))
                .join();
        connections.forEach(this::judge);
        if (pending(connections).isEmpty()) {
            for (StepRun run : initializers) {
                if (isDue(run)) {
                    first(run);
                    judge(run);
                }
            }
        }
        finish();
    }

    private void finish() {
        if (pending(connections).isEmpty() && pending(initializers).isEmpty()) {
            executor.shutdown();
            gate.open();
        } else if (closed.getCount() == 0) {
            StepRun left = Stream.concat(pending(connections).stream(), pending(initializers).stream())
                    .findFirst()
                    .orElseThrow();
            Throwable failure = left.failure();
            throw new StartFailedException(
                    left.step(),
                    left.attempts(),
                    failure == null ? new CancellationException("The application ends") : failure);
        } else {
            LOG.warn(
                    "The application starts without traffic: it becomes ready, and receives, when {} has succeeded",
                    Stream.of(pending(connections), pending(initializers))
                            .flatMap(List::stream)
                            .map(run -> "'" + run.step().name() + "'")
                            .toList());
            SupervisedThread thread = new SupervisedThread("mecha-start", this::goOn);
            thread.thread().setDaemon(false); // nothing else keeps a worker alive that does not receive yet
            background = thread;
            thread.start();
        }
    }

    /** Tries until it succeeds, or as often as it may. */
    private void first(StepRun run) {
        int most = Objects.requireNonNull(run.step().retry().maxAttempts());
        boolean again = true;
        while (again) {
            Throwable failure = attempt(run);
            again = failure != null && run.attempts() < most && isRetryable(run.step(), failure);
            if (again) {
                LOG.warn(
                        "{} '{}' failed and is tried again: {}",
                        noun(run),
                        run.step().name(),
                        Thrown.describe(Objects.requireNonNull(failure)));
                again = pause(run.pauses().after(run.attempts()));
            }
        }
    }

    private void judge(StepRun run) {
        if (run.isDone()) {
            return;
        }
        OnFailure then = run.step().onFailure();
        run.end(then == OnFailure.KEEP_TRYING ? Outcome.RETRYING : Outcome.FAILED);
        if (then == OnFailure.STOP || isStuck(run)) {
            close();
            throw new StartFailedException(run.step(), run.attempts(), failure(run));
        }
        LOG.warn("{} '{}' failed: {}", noun(run), run.step().name(), Thrown.describe(failure(run)));
    }

    private @Nullable Throwable attempt(StepRun run) {
        run.attempt();
        try {
            boolean done = run.step().guard().run(() -> BoundedAttempt.run(run.step(), executor));
            run.succeeded(!done);
            LOG.debug("{} '{}' succeeded", noun(run), run.step().name());
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            run.failed(interrupted);
            return interrupted;
        } catch (Exception failure) { // allow CatchException: told when it is tried again, or given up
            run.failed(failure);
            return failure;
        }
    }

    private static boolean isRetryable(StartStep step, Throwable failure) {
        return !(failure instanceof InterruptedException || failure instanceof StuckStepException)
                && Thrown.chain(failure).stream()
                        .noneMatch(thrown -> Objects.requireNonNull(step.retry().notRetryable()).stream()
                                .anyMatch(type -> type.isInstance(thrown)));
    }

    /** Tells whether an initializer still runs, beside which there can be no other attempt; another look at a connection does no harm. */
    private static boolean isStuck(StepRun run) {
        return run.step().kind() == Kind.INITIALIZER
                && run.failure() instanceof StuckStepException stuck
                && !stuck.isOver();
    }

    /** Tries what is left until all has succeeded, each step after those that it names. */
    private void goOn() {
        int failures = 0;
        while (closed.getCount() > 0) {
            boolean failed = false;
            for (StepRun run : pending(connections)) {
                failed |= attempt(run) != null;
                if (!run.isDone()) {
                    run.end(Outcome.RETRYING);
                }
            }
            for (StepRun run : failed ? List.<StepRun>of() : pending(initializers)) {
                boolean stuck = isStuck(run);
                failed |= stuck;
                if (!stuck && isDue(run) && attempt(run) != null) {
                    failed = true;
                    run.end(Outcome.RETRYING);
                    LOG.warn("{} '{}' failed again: {}", noun(run), run.step().name(), Thrown.describe(failure(run)));
                }
            }
            if (!failed && closed.getCount() > 0 && opens()) {
                executor.shutdown();
                LOG.info("All that belongs to the start has succeeded: the application receives and is ready");
                return;
            }
            forgetInterrupt();
            boolean unused = pause(PAUSES.after(++failures));
            forgetInterrupt();
        }
    }

    /** Opens the gate; {@code false} if what waits for it failed, and is to be tried again. */
    private boolean opens() {
        try {
            gate.open();
            return true;
        } catch (RuntimeException failure) { // allow CatchException: told by the gate
            return false;
        }
    }

    /** Clears an interrupt that was for what is over, with which no pause would last; only that of {@link #close} is kept. */
    private void forgetInterrupt() {
        if (closed.getCount() > 0) {
            boolean unused = Thread.interrupted();
        }
    }

    /** Waits; {@code false} if nothing is to be tried again. */
    private boolean pause(Duration pause) {
        try {
            return !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isDue(StepRun run) {
        return initializers.stream()
                .filter(other -> run.step().after().contains(other.step().name()))
                .allMatch(StepRun::isDone);
    }

    private static List<StepRun> pending(List<StepRun> runs) {
        return runs.stream()
                .filter(run -> !run.isDone() && run.step().onFailure() != OnFailure.GO_ON)
                .toList();
    }

    private static Throwable failure(StepRun run) {
        return Objects.requireNonNull(run.failure());
    }

    private static String noun(StepRun run) {
        return run.step().kind() == Kind.INITIALIZER ? "Initializer" : "Connection of";
    }

    /** Try nothing again; the gate stays as it is. Interrupts a step that runs. */
    public void close() {
        closed.countDown();
        executor.shutdownNow();
        SupervisedThread thread = background;
        if (thread != null) {
            thread.stop();
            thread.thread().interrupt();
        }
    }
}
