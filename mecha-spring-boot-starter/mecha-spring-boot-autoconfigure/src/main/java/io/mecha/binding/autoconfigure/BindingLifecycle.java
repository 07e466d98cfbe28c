// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.PropertyNames;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.receive.Unfinished;
import io.mecha.lifecycle.start.StartGate;
import io.mecha.runtime.Threads;
import io.mecha.runtime.drain.DrainPhase;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The lifecycle of receiving while the application runs: it begins when all else is there, the web server included, and stops before all
 * else, so that handlers find everything they need until the last of them has returned.
 *
 * <p>An application that ends has drained before the lifecycle stops it; nobody waits a second time then.
 */
final class BindingLifecycle implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(BindingLifecycle.class);

    /** Each group has a limit of its own, and Spring one for the phase. */
    private static final Duration UNLIMITED = ChronoUnit.FOREVER.getDuration();

    private final BindingEngine engine;
    private final ChannelAnnouncer announcer;
    private final StartGate gate;
    private final Executor executor = Threads.unbounded("mecha-binding-drain");
    private volatile boolean running;
    private volatile boolean drained;

    BindingLifecycle(BindingEngine engine, ChannelAnnouncer announcer, StartGate gate) {
        this.engine = engine;
        this.announcer = announcer;
        this.gate = gate;
    }

    @Override
    public void start() {
        running = true;
        drained = false;
        gate.whenOpen("Receiving", this::receive);
    }

    private synchronized void receive() {
        if (!running || drained) {
            return; // stopped before all that belongs to the start has succeeded
        }
        // What was stopped with the application goes on with it; what somebody paused stays so.
        engine.start();
        announcer.started(engine.channels());
    }

    @Override
    public void stop() {
        synchronized (this) {
            running = false;
        }
        if (!drained) {
            engine.drain(UNLIMITED).forEach(BindingLifecycle::warn);
        }
    }

    @Override
    public void stop(Runnable callback) {
        executor.execute(() -> {
            try {
                stop();
            } finally {
                callback.run();
            }
        });
    }

    /** Returns what takes part in the drain, in its order. */
    List<BindingDrain> drains() {
        return List.of(
                new BindingDrain(engine, DrainPhase.INTAKE, (drain) -> stopIntake()),
                new BindingDrain(engine, DrainPhase.IN_FLIGHT, (drain) -> await(drain.remaining())));
    }

    /** Never while receiving begins, or what has begun meanwhile would go on. */
    private synchronized void stopIntake() {
        drained = true;
        List<Unfinished> unused = engine.drain(Duration.ZERO);
    }

    private void await(Duration budget) {
        engine.drain(budget).stream()
                .filter((handlers) -> handlers.waited().compareTo(budget) < 0)
                .forEach(BindingLifecycle::warn);
    }

    private static void warn(Unfinished handlers) {
        logger.warn(
                "{} of channel '{}', group '{}' still run after {}; their messages will be delivered again. Set {} if they need"
                        + " longer",
                handlers.handlers() + (handlers.handlers() == 1 ? " handler" : " handlers"),
                handlers.channel(),
                handlers.group(),
                handlers.waited(),
                PropertyNames.channel(handlers.channel(), "in.drain-timeout"));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The last to start and the first to stop. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
