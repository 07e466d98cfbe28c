// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.drain;

import io.mecha.lifecycle.Drain;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Threads;
import io.mecha.runtime.drain.DrainParticipant;
import io.mecha.runtime.drain.DrainPhase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hooks of one phase, called one after the other, each within its own time. */
public final class DrainHooks implements DrainParticipant {

    private static final Logger logger = LoggerFactory.getLogger(DrainHooks.class);

    private final DrainPhase phase;
    private final ElapsedTime time;
    private final List<DrainHook> hooks = new CopyOnWriteArrayList<>();
    private final List<String> cut = new CopyOnWriteArrayList<>();
    private volatile @Nullable Running current;

    private record Running(DrainHook hook, BoundedTask task) {}

    /**
     * Prepare a phase without hooks.
     *
     * @param phase when they are called
     * @param time what their time is measured by
     */
    public DrainHooks(DrainPhase phase, ElapsedTime time) {
        this.phase = phase;
        this.time = time;
    }

    /**
     * Add a hook.
     *
     * @param hook what to call
     */
    public void add(DrainHook hook) {
        hooks.add(hook);
    }

    @Override
    public String name() {
        return "@OnDrain";
    }

    @Override
    public DrainPhase phase() {
        return phase;
    }

    @Override
    public void drain(Drain drain) {
        ExecutorService threads = Threads.unbounded("mecha-drain-hook");
        try {
            hooks.stream()
                    .sorted(Comparator.comparingInt(DrainHook::order))
                    .forEach(hook -> call(hook, drain, threads));
        } finally {
            threads.shutdownNow();
        }
    }

    private void call(DrainHook hook, Drain drain, ExecutorService threads) {
        Duration left = drain.remaining();
        if (left.isZero() || Thread.currentThread().isInterrupted()) {
            cut.add(hook.place() + " was not called: no time was left");
            return;
        }
        Duration limit = hook.timeout().compareTo(left) < 0 ? hook.timeout() : left;
        BoundedTask task = new BoundedTask(new DrainTime(time, limit), threads, hook.call()::run);
        current = new Running(hook, task);
        boolean done = task.await();
        Throwable failure = task.failure();
        String work = unfinished(task);
        if (failure != null) {
            logger.debug("{} failed", hook.place(), failure);
            cut.add("%s failed with %s%s".formatted(hook.place(), failure, work));
        } else if (!done) {
            cut.add("%s did not return within %s%s".formatted(hook.place(), limit, work));
        } else if (!work.isEmpty()) {
            cut.add(hook.place() + work);
        }
        current = null;
    }

    @Override
    public List<String> unfinished() {
        List<String> all = new ArrayList<>(cut);
        Running running = current;
        if (running != null) {
            all.add(running.hook().place() + " runs" + unfinished(running.task()));
        }
        return all;
    }

    private static String unfinished(BoundedTask task) {
        String work = task.unfinished();
        return work.isEmpty() ? "" : ", unfinished: " + work;
    }
}
