// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

/**
 * A task that never throws, for timers and pools that would not run it again, or not tell.
 *
 * <p>What it throws shows in {@link Troubles} until it, or another of its name, runs without.
 */
public final class GuardedTask implements Runnable {

    private final String name;
    private final Runnable task;

    /**
     * Guard a task.
     *
     * @param name what it does, at the beginning of a sentence; one of few
     * @param task the task
     */
    public GuardedTask(String name, Runnable task) {
        this.name = name;
        this.task = task;
    }

    @Override
    public void run() {
        try {
            task.run();
            Troubles.over(name);
        } catch (Throwable failure) { // allow CatchException: its thread would give it up
            Troubles.failed(name, failure);
        }
    }
}
