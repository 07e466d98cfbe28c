// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.drain;

import io.mecha.Thrown;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Threads;
import io.mecha.runtime.drain.DrainParticipant;
import io.mecha.runtime.drain.DrainPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drain of an application: all participants, phase by phase, within one budget.
 *
 * <p>No phase can take the time of those after it: of what the delay leaves, so much is spent at the latest when it ends: 40 % after
 * {@link DrainPhase#INTAKE}, 80 % after {@link DrainPhase#IN_FLIGHT}, 90 % after {@link DrainPhase#LEADERSHIP}, 95 % after {@link
 * DrainPhase#WEB}. A participant that is late is interrupted and left behind; each is called, however late it is. Runs once;
 * thread-safe.
 */
public final class DrainSequence {

    private static final Logger logger = LoggerFactory.getLogger(DrainSequence.class);

    /** What each participant gets though the budget is spent. */
    private static final Duration MINIMUM = Duration.ofMillis(100);

    private static final int READINESS_PERCENT = 10;

    private final Supplier<List<DrainParticipant>> participants;
    private final Duration budget;
    private final ElapsedTime time;
    private final List<String> cut = new CopyOnWriteArrayList<>();
    private final List<String> late = new CopyOnWriteArrayList<>();
    private final List<String> failed = new CopyOnWriteArrayList<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile DrainStatus status = DrainStatus.OPEN;
    private volatile @Nullable DrainTime total;
    private volatile @Nullable DrainReport result;

    /**
     * Prepare a drain.
     *
     * @param participants what takes part; asked for when the drain begins, and for each report
     * @param budget longest time for all of it, the delay included
     * @param time what the budget is measured by
     */
    public DrainSequence(Supplier<List<DrainParticipant>> participants, Duration budget, ElapsedTime time) {
        this.participants = participants;
        this.budget = budget;
        this.time = time;
    }

    /**
     * Drain. A second call waits for the first and returns the same; an interrupt ends the waiting, and what is in progress is cut.
     *
     * @param delay how long to serve everything after {@link DrainPhase#READINESS} began; at most the budget
     * @return how it ended
     */
    public DrainReport run(Duration delay) {
        if (begun.compareAndSet(false, true)) {
            try {
                all(delay);
            } finally {
                ended.countDown();
            }
        } else {
            try {
                ended.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return report();
    }

    private void all(Duration delay) {
        DrainTime all = new DrainTime(time, budget);
        total = all;
        ExecutorService threads = Threads.unbounded("mecha-drain");
        try {
            phase(DrainPhase.READINESS, all.part(least(all.left(READINESS_PERCENT))), threads);
            await(all, delay);
            DrainTime work = all.part(all.left(100));
            phase(DrainPhase.INTAKE, work.part(least(work.left(40))), threads);
            phase(DrainPhase.IN_FLIGHT, work.part(least(work.left(80))), threads);
            phase(DrainPhase.LEADERSHIP, work.part(least(work.left(90))), threads);
            phase(DrainPhase.WEB, work.part(least(work.left(95))), threads);
            phase(DrainPhase.FLUSH, work.part(least(work.left(100))), threads);
        } finally {
            threads.shutdownNow();
            result = new DrainReport(DrainStatus.DRAINED, budget, all.spent(), cut);
            status = DrainStatus.DRAINED;
        }
        log(all.spent());
    }

    private static Duration least(Duration left) {
        return left.compareTo(MINIMUM) < 0 ? MINIMUM : left;
    }

    private void await(DrainTime all, Duration delay) {
        Duration left = delay.minus(all.spent());
        if (left.isNegative() || left.isZero()) {
            return;
        }
        DrainTime wait = all.part(left);
        status = DrainStatus.DELAY;
        logger.info("The application ends: it is not ready any more, and serves for another {}", left);
        try {
            boolean unused = wait.await(new CountDownLatch(1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void phase(DrainPhase phase, DrainTime limit, ExecutorService threads) {
        status = DrainStatus.valueOf(phase.name());
        List<DrainParticipant> present = present().stream()
                .filter(participant -> participant.phase() == phase)
                .toList();
        List<BoundedTask> tasks = present.stream()
                .map(participant -> new BoundedTask(limit, threads, participant::drain))
                .toList();
        for (int index = 0; index < tasks.size(); index++) {
            end(present.get(index), tasks.get(index));
        }
    }

    private List<DrainParticipant> present() {
        try {
            return participants.get();
        } catch (RuntimeException failure) { // allow CatchException: the drain keeps its delay and its end
            logger.warn("It is unknown what takes part in the drain", Thrown.loggable(failure));
            return List.of();
        }
    }

    private void end(DrainParticipant participant, BoundedTask task) {
        boolean done = task.await();
        Throwable failure = task.failure();
        List<String> left = unfinished(participant);
        List<String> told = new ArrayList<>();
        left.forEach(work -> told.add(participant.name() + ": " + work));
        if (failure != null) {
            logger.debug("The drain of {} failed", participant.name(), failure);
            told.add("%s: failed with %s".formatted(participant.name(), failure));
        } else if (!done && left.isEmpty()) {
            told.add("%s: not finished after %s".formatted(participant.name(), task.spent()));
        }
        cut.addAll(told);
        boolean more = !done || task.remaining().isZero(); // time would have helped
        (more ? late : failed).addAll(told);
    }

    private static List<String> unfinished(DrainParticipant participant) {
        try {
            return participant.unfinished();
        } catch (RuntimeException failure) { // allow CatchException: a report must not end the drain
            return List.of("unknown, for " + failure);
        }
    }

    private void log(Duration spent) {
        if (!failed.isEmpty()) {
            logger.warn("Not all of the drain succeeded: {}", String.join("; ", failed));
        }
        if (!late.isEmpty()) {
            logger.warn(
                    "The application ends by force after {}; cut: {}. Set mecha.lifecycle.shutdown-budget, which is {}, if that"
                            + " needs longer",
                    spent,
                    String.join("; ", late),
                    budget);
        } else {
            logger.info("Drained in {}", spent);
        }
    }

    /**
     * Tell whether it has begun.
     *
     * @return whether the application is about to end
     */
    public boolean isDraining() {
        return status != DrainStatus.OPEN;
    }

    /**
     * Describe how it stands.
     *
     * @return a snapshot
     */
    public DrainReport report() {
        DrainReport known = result;
        if (known != null) {
            return known;
        }
        DrainTime since = total;
        List<String> work = Stream.concat(
                        cut.stream(),
                        present().stream()
                                .flatMap(participant ->
                                        unfinished(participant).stream().map(left -> participant.name() + ": " + left)))
                .distinct()
                .toList();
        return new DrainReport(status, budget, since == null ? Duration.ZERO : since.spent(), new ArrayList<>(work));
    }

    /**
     * Return what is left of the budget.
     *
     * @return all of it before the drain; zero if nothing is left
     */
    public Duration remaining() {
        DrainTime since = total;
        return since == null ? budget : since.left(100);
    }
}
