// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.Thrown;
import io.mecha.runtime.Troubles;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate between an application and its traffic: closed until all that belongs to the start has succeeded, then open for good.
 *
 * <p>Whatever takes work from outside waits for it. Thread-safe.
 */
public final class StartGate {

    private static final Logger LOG = LoggerFactory.getLogger(StartGate.class);

    private final List<Waiting> waiting = new ArrayList<>();
    private boolean open;

    private record Waiting(String work, Runnable action) {}

    /**
     * Make a gate that is open, for an application without a start of its own.
     *
     * @return a gate
     */
    public static StartGate opened() {
        StartGate gate = new StartGate();
        gate.open();
        return gate;
    }

    /**
     * Tell whether traffic may come.
     *
     * @return whether the gate is open
     */
    public synchronized boolean isOpen() {
        return open;
    }

    /**
     * Do something as soon as traffic may come: at once on this thread, and with its failure, if the gate is open.
     *
     * @param work what it is, at the beginning of a sentence
     * @param action what to do, once
     */
    public void whenOpen(String work, Runnable action) {
        synchronized (this) {
            if (!open) {
                waiting.add(new Waiting(work, action));
                return;
            }
        }
        action.run();
    }

    /** Open the gate, and do what waits for it on this thread. */
    public void open() {
        List<Waiting> due;
        synchronized (this) {
            open = true;
            due = List.copyOf(waiting);
            waiting.clear();
        }
        for (Waiting one : due) {
            try {
                one.action().run();
            } catch (RuntimeException failure) { // allow CatchException: the others are to begin, too
                Troubles.failed(one.work(), failure);
                LOG.error("{} did not begin, and is not tried again", one.work(), Thrown.loggable(failure));
            }
        }
    }
}
