// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.runtime.Threads;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;

/**
 * The start within the lifecycle of an application: after web servers have begun to listen, so that probes are answered, and before
 * anything receives messages.
 *
 * <p>The steps are done once, however often the application is stopped and started. While the gate is closed, the application is alive
 * and refuses traffic, though Spring Boot says that it is ready.
 */
public final class StartLifecycle
        implements SmartLifecycle,
                ApplicationListener<AvailabilityChangeEvent<ReadinessState>>,
                Ordered,
                DisposableBean {

    /** The phase: after those of web servers (up to 1536 before the last one) and before those of listeners (from 1024 before it). */
    public static final int PHASE = DEFAULT_PHASE - 1280;

    private final ConfigurableApplicationContext context;
    private final StartGate gate;
    private final Supplier<StartSequence> sequence;
    private volatile @Nullable StartSequence begun;
    private volatile boolean running;
    private volatile boolean opening;

    /** Whether Spring Boot said too early that the application is ready. */
    private volatile boolean refused;

    private volatile boolean ready;

    /** Whether readiness was due while the application was stopped. */
    private volatile boolean owed;

    /**
     * Prepare the start.
     *
     * @param context the application
     * @param gate what the steps open
     * @param sequence the steps, asked for once, when everything else is there
     */
    public StartLifecycle(ConfigurableApplicationContext context, StartGate gate, Supplier<StartSequence> sequence) {
        this.context = context;
        this.gate = gate;
        this.sequence = sequence;
    }

    /**
     * Return the steps.
     *
     * @return the steps; {@code null} before they begin
     */
    public @Nullable StartSequence sequence() {
        return begun;
    }

    @Override
    public void start() {
        running = true;
        if (owed && gate.isOpen()) {
            accept();
        }
        if (begun == null) {
            StartSequence steps = sequence.get();
            begun = steps;
            if (!steps.isEmpty()) {
                // Otherwise probes would say until the end of the start that it is broken.
                AvailabilityChangeEvent.publish(context, LivenessState.CORRECT);
            }
            run(steps);
        }
    }

    /** Runs the steps such that the end of the JVM, which waits for the start, ends them. */
    private static void run(StartSequence steps) {
        Thread starter = Thread.currentThread();
        Thread end = Threads.daemons("mecha-start-end").newThread(() -> {
            steps.close();
            starter.interrupt();
        });
        try {
            Runtime.getRuntime().addShutdownHook(end);
        } catch (IllegalStateException ending) {
            steps.close();
        }
        try {
            steps.run();
        } finally {
            forget(end);
        }
    }

    private static void forget(Thread hook) {
        try {
            boolean unused = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The JVM ends, and has run it.
        }
    }

    @Override
    public void stop() {
        running = false;
        if (context.isClosed()) { // and not one that is to start again
            end();
        }
    }

    @Override
    public void destroy() {
        end();
    }

    /** Try nothing again: the application ends. */
    public void end() {
        StartSequence steps = begun;
        if (steps != null) {
            steps.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** After the bean that remembers the state. */
    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
        if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC && !opening && !gate.isOpen()) {
            refused = true;
            if (ready) {
                refuse();
            } else {
                AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            }
        }
    }

    /** Have the last word when Spring Boot has said its own: those who heard it after the refusal hear of the refusal again. */
    public void ready() {
        ready = true;
        if (refused) {
            refuse();
        }
    }

    private void refuse() {
        AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        gate.whenOpen("Readiness", this::accept);
    }

    private void accept() {
        owed = !running;
        if (running && context.isActive() && !context.isClosed()) {
            opening = true; // the gate opens when this has returned
            try {
                AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
            } finally {
                opening = false;
            }
        }
    }
}
