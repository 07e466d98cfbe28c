// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.PropertyNames;
import io.mecha.binding.Subscription;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelView;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.system.JavaVersion;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * The lifecycle of receiving while the application runs: it begins when all else is there, the web server included, and stops before all
 * else, so that handlers find everything they need until the last of them has returned.
 */
final class BindingLifecycle implements SmartLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(BindingLifecycle.class);
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(20);

    private final BindingEngine engine;
    private final ChannelAnnouncer announcer;
    private final SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor("mecha-binding-drain-");
    private List<Subscription> stopped = List.of();
    private volatile boolean running;

    BindingLifecycle(BindingEngine engine, ChannelAnnouncer announcer) {
        this.engine = engine;
        this.announcer = announcer;
        executor.setVirtualThreads(JavaVersion.getJavaVersion().isEqualOrNewerThan(JavaVersion.TWENTY_ONE));
    }

    @Override
    public void start() {
        running = true;
        engine.start();
        // What was stopped with the application goes on with it; what somebody paused stays so.
        stopped.forEach(Subscription::resume);
        stopped = List.of();
        announcer.started(engine.channels());
    }

    @Override
    public void stop() {
        drainAll().join();
    }

    @Override
    public void stop(Runnable callback) {
        CompletableFuture<Void> drained = drainAll();
        executor.execute(() -> {
            try {
                drained.join();
            } finally {
                callback.run();
            }
        });
    }

    private CompletableFuture<Void> drainAll() {
        running = false;
        stopped = engine.subscriptions().stream()
                .filter((subscription) -> subscription.state() == Subscription.State.RUNNING)
                .toList();
        stopped.forEach(Subscription::pause);
        Map<String, Duration> timeouts = new HashMap<>();
        for (ChannelView channel : engine.channels()) {
            timeouts.put(channel.name(), channel.options().in().drainTimeout().orElse(DRAIN_TIMEOUT));
        }
        return CompletableFuture.allOf(stopped.stream()
                .map((subscription) -> CompletableFuture.runAsync(
                        () -> drain(subscription, timeouts.getOrDefault(subscription.channel(), DRAIN_TIMEOUT)),
                        executor))
                .toArray(CompletableFuture[]::new));
    }

    private static void drain(Subscription subscription, Duration timeout) {
        if (!subscription.drain(timeout)) {
            logger.warn(
                    "Handlers of channel '{}', group '{}' still run after {}; their messages will be delivered again. Set"
                            + " {} if they need longer",
                    subscription.channel(),
                    subscription.group(),
                    timeout,
                    PropertyNames.channel(subscription.channel(), "in.drain-timeout"));
        }
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
