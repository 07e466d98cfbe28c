// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import io.mecha.Thrown;
import io.mecha.lifecycle.drain.DrainSequence;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.Ordered;

/**
 * The drain when the context is closed, in whichever way, before anything else hears of it.
 *
 * <p>Not a {@code SmartLifecycle}: Spring's executors refuse tasks from this event on, so that asynchronous requests would fail, and a
 * phase of the lifecycle is cut after a time of its own. What the lifecycle stops afterwards gets what is left of the budget.
 */
final class DrainOnClose implements ApplicationListener<ContextClosedEvent>, Ordered {

    private static final Logger logger = LoggerFactory.getLogger(DrainOnClose.class);
    private static final String PHASE_TIMEOUT = "spring.lifecycle.timeout-per-shutdown-phase";
    private static final Duration USUAL_PHASE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LEAST_PHASE_TIMEOUT = Duration.ofSeconds(1);

    private final ConfigurableApplicationContext context;
    private final DrainSequence sequence;
    private final Supplier<Duration> delay;

    DrainOnClose(ConfigurableApplicationContext context, DrainSequence sequence, Supplier<Duration> delay) {
        this.context = context;
        this.sequence = sequence;
        this.delay = delay;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        if (closed.getApplicationContext().equals(context)) {
            refuse();
            var unused = sequence.run(delay());
            limitPhases();
        }
    }

    private void refuse() {
        try {
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
        } catch (RuntimeException failure) { // allow CatchException: the drain comes, whichever listener throws
            logger.warn(
                    "A listener failed to hear that the application is not ready any more", Thrown.loggable(failure));
        }
    }

    private Duration delay() {
        try {
            return delay.get();
        } catch (RuntimeException failure) { // allow CatchException: the drain comes, if without a delay
            logger.warn("The delay of the drain is unknown, and there is none", Thrown.loggable(failure));
            return Duration.ZERO;
        }
    }

    private void limitPhases() {
        Object processor =
                context.getBeanFactory().getSingleton(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME);
        if (processor instanceof DefaultLifecycleProcessor phases) {
            Duration usual = context.getEnvironment().getProperty(PHASE_TIMEOUT, Duration.class, USUAL_PHASE_TIMEOUT);
            Duration left = sequence.remaining();
            Duration least = left.compareTo(LEAST_PHASE_TIMEOUT) < 0 ? LEAST_PHASE_TIMEOUT : left;
            phases.setTimeoutPerShutdownPhase((least.compareTo(usual) < 0 ? least : usual).toMillis());
        }
    }

    @Override
    public boolean supportsAsyncExecution() {
        return false;
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
