// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

/**
 * A task that never throws, for timers and pools that would not run it again, or not tell.
 *
 * <p>What it throws shows in {@link Troubles} until it runs without.
 */
public final class GuardedTask implements Runnable {

    private final String name;
    private final Runnable task;
    private volatile boolean failing;

    /**
     * Guard a task.
     *
     * @param name what it does, at the beginning of a sentence
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
            if (failing) {
                failing = false;
                Troubles.over(this);
            }
        } catch (Throwable failure) { // allow CatchException: whoever runs it would give it up
            failing = true;
            Troubles.failed(this, name, failure);
        }
    }
}
