// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.Thrown;
import io.mecha.runtime.Troubles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

    /**
     * Do what waits for the gate on this thread, in order, then open it. One thread at a time.
     *
     * @throws RuntimeException what the first that failed threw: the gate stays closed, and the next call goes on with that one
     */
    public void open() {
        Waiting next = next();
        while (next != null) {
            begin(next);
            next = next();
        }
    }

    private void begin(Waiting one) {
        try {
            one.action().run();
        } catch (RuntimeException failure) { // allow CatchException: thrown on
            Troubles.failed(one.work(), failure);
            LOG.error("{} did not begin", one.work(), Thrown.loggable(failure));
            throw failure;
        }
        Troubles.over(one.work());
        synchronized (this) {
            waiting.remove(0);
        }
    }

    /** Returns what is to begin next; {@code null} if nothing is left, and then the gate is open. */
    private synchronized @Nullable Waiting next() {
        open = waiting.isEmpty();
        return open ? null : waiting.get(0);
    }
}
