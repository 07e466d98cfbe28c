// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.noop.NoopLongTaskTimer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one kind of call, as Micrometer's handler makes them of observations, but found once instead of for each call.
 *
 * <p>A timer for each outcome, and one for the calls that are active; a registry gets each with the first call that needs it.
 * Thread-safe.
 *
 * @implNote Source: Micrometer, {@code DefaultMeterObservationHandler}.
 */
public final class CallMeters {

    private static final String OUTCOME = "outcome";
    private static final String ERROR = "error";
    private static final String NO_ERROR = "none";
    private static final long UNTIMED = Long.MIN_VALUE;

    private final MeterRegistry registry;
    private final Clock clock;
    private final String name;
    private final Tags tags;
    private final List<String> outcomes;
    private final String unknown;
    private final AtomicReferenceArray<@Nullable Timer> timers;
    private volatile @Nullable ActiveCalls active;

    /**
     * Create the meters.
     *
     * @param registry where they are registered
     * @param name name of the timers; that of the active calls is the same with {@code .active}
     * @param tags what all of them have; the outcome and the class of what was thrown come in addition
     * @param outcomes the outcomes of calls that do not throw
     * @param unknown outcome of a call that has none yet
     */
    public CallMeters(MeterRegistry registry, String name, Tags tags, List<String> outcomes, String unknown) {
        this.registry = registry;
        this.clock = registry.config().clock();
        this.name = name;
        this.tags = tags;
        this.outcomes = List.copyOf(outcomes);
        this.unknown = unknown;
        this.timers = new AtomicReferenceArray<>(outcomes.size());
    }

    /**
     * Count a call that begins.
     *
     * @return the call, to be given back when it ends
     */
    public Call begin() {
        ActiveCalls found = active;
        if (found == null) {
            found = activeCalls();
            active = found;
        }
        return new Call(found.timer.start(), found.measures ? UNTIMED : clock.monotonicTime());
    }

    /** One that is denied, or made of others, does not say how long a call took. */
    private ActiveCalls activeCalls() {
        LongTaskTimer timer = registry.more().longTaskTimer(name + ".active", tags.and(OUTCOME, unknown));
        return new ActiveCalls(
                timer, !(registry instanceof CompositeMeterRegistry) && !(timer instanceof NoopLongTaskTimer));
    }

    /**
     * Count a call that has returned.
     *
     * @param call the call
     * @param outcome index of its outcome
     */
    public void returned(Call call, int outcome) {
        long taken = stop(call);
        Timer timer = timers.get(outcome);
        if (timer == null) {
            timer = registry.timer(name, tags.and(OUTCOME, outcomes.get(outcome), ERROR, NO_ERROR));
            timers.set(outcome, timer);
        }
        timer.record(taken, TimeUnit.NANOSECONDS);
    }

    /**
     * Count a call that has thrown.
     *
     * @param call the call
     * @param outcome name of its outcome
     * @param failure what was thrown
     */
    public void threw(Call call, String outcome, Throwable failure) {
        ended(call, outcome, failure);
    }

    /**
     * Count a call that has ended with an outcome that need not be among those of this kind.
     *
     * @param call the call
     * @param outcome name of its outcome
     * @param failure what was thrown; {@code null} for nothing
     */
    public void ended(Call call, String outcome, @Nullable Throwable failure) {
        long taken = stop(call);
        String error = failure == null ? NO_ERROR : failure.getClass().getSimpleName();
        registry.timer(name, tags.and(OUTCOME, outcome, ERROR, error)).record(taken, TimeUnit.NANOSECONDS);
    }

    /** First of all, so that a call is not active for ever where its timer cannot be made. */
    private long stop(Call call) {
        long taken = call.active.stop();
        return call.began == UNTIMED ? taken : clock.monotonicTime() - call.began;
    }

    /** The meter of active calls, and whether what it measures is the duration of a call. */
    private record ActiveCalls(LongTaskTimer timer, boolean measures) {}

    /** A call that has begun. */
    public static final class Call {

        private final LongTaskTimer.Sample active;
        private final long began;

        private Call(LongTaskTimer.Sample active, long began) {
            this.active = active;
            this.began = began;
        }
    }
}
