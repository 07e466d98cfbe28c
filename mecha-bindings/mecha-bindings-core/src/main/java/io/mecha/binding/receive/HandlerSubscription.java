// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.Thrown;
import io.mecha.binding.Subscription;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.runtime.Repeated;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handler of a group: what it takes, how it is called, and what it does now.
 *
 * @param <T> type of the payload
 */
final class HandlerSubscription<T> implements Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerSubscription.class);
    private final GroupConsumer consumer;
    private volatile SubscriptionSettings settings;
    private final Selection.Matcher matcher;
    private final IncomingEvent.PayloadType<T> payload;
    private final EngineContext engine;
    private final DeadLetters deadLetters;
    private final Settlement<T> settlement;
    private final WorkerPool workers;
    private final @Nullable Watchdog watchdog;
    private final @Nullable RateLimit rate;
    private final LongAdder taken = new LongAdder();
    private final LongAdder done = new LongAdder();
    private final Repeated unfinished = new Repeated();
    private final Repeated crowded = new Repeated();
    private final AtomicReference<State> state;
    private volatile boolean ended;

    HandlerSubscription(
            GroupConsumer consumer,
            SubscriptionSettings settings,
            Selection.Matcher matcher,
            HandlerKind<T> kind,
            EngineContext engine,
            @Nullable ChannelContext dead) {
        this.consumer = consumer;
        this.settings = settings;
        this.matcher = matcher;
        this.payload = kind.payload();
        this.engine = engine;
        ChannelContext channel = consumer.channel();
        this.watchdog =
                settings.timeout() == null ? null : new Watchdog(settings.timeout(), engine.time(), engine.timers());
        this.state = new AtomicReference<>(settings.autoStart() ? State.RUNNING : State.PAUSED);
        this.deadLetters = new DeadLetters(channel, settings.group(), dead, engine);
        Results results = new Results(channel, engine.channels(), settings);
        this.settlement = new Settlement<>(this, channel, engine.timers(), deadLetters, results, kind.fallback());
        ReceiveObservation observation = new ReceiveObservation(engine, channel, settings.group());
        Inbox inbox =
                settings.inbox() == null ? null : new Inbox(settings.inbox(), channel.name(), settings.group(), engine);
        WorkerPool.Job job = kind.job(this, new HandlerKind.Parts<>(settlement, results, inbox, observation));
        this.rate = settings.rate() == 0 ? null : new RateLimit(settings.rate(), engine.time());
        this.workers = new WorkerPool(
                rate == null
                        ? job
                        : new PacedJob(
                                job, rate, engine.timers(), () -> workers().hire()),
                settings.concurrency(),
                !settings.autoStart(),
                watchdog == null && inbox == null,
                engine.workers());
    }

    /** Takes over what may change of the options of the channel; what is handled now ends as it began. */
    void tune(SubscriptionOptions channel) {
        SubscriptionSettings tuned = settings.tuned(channel);
        settings = tuned;
        if (watchdog != null && tuned.timeout() != null) {
            watchdog.timeout(tuned.timeout());
        }
        if (rate != null) {
            rate.change(tuned.rate());
        }
    }

    SubscriptionSettings settings() {
        return settings;
    }

    Selection.Matcher matcher() {
        return matcher;
    }

    IncomingEvent.PayloadType<T> payload() {
        return payload;
    }

    EngineContext engine() {
        return engine;
    }

    WorkerPool workers() {
        return workers;
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    Settlement<T> settlement() {
        return settlement;
    }

    @Nullable Watchdog watchdog() {
        return watchdog;
    }

    GroupConsumer consumer() {
        return consumer;
    }

    /** Counts an event as ours. */
    void taken() {
        taken.increment();
    }

    /** Hands an event, which nothing of its key is before, to the workers; does not throw. */
    void makeReady(Work work) {
        if (ended) {
            giveBack(work);
            return;
        }
        try {
            add(work);
        } catch (Throwable failure) { // allow CatchException: the backend delivers it again
            told(crowded.add(), "there is no room for an event, which goes back to the backend", failure);
            giveBack(work);
        }
    }

    /** Counts what the backend did not take; it delivers the message again. */
    void unfinished(String what, Throwable failure) {
        told(unfinished.add(), "the backend failed to " + what + " a message", failure);
    }

    private void told(long count, String what, Throwable failure) {
        if (count > 0) {
            LOG.warn(
                    "Group '{}' of channel '{}': {}; {} times since this was last told: {}",
                    group(),
                    channel(),
                    what,
                    count,
                    Thrown.describe(failure));
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("Group '{}' of channel '{}': {}", group(), channel(), what, Thrown.loggable(failure));
        }
    }

    private void add(Work work) {
        workers.add(work);
        if (ended) {
            releaseReady();
        }
    }

    /** Ends an event whose delivery was finished, and lets the next one of its key begin. */
    void finished(Work work) {
        done.increment();
        Work next = consumer.lanes().leave(work);
        if (next != null && !next.joined()) {
            next.target().makeReady(next);
        }
    }

    /** Hands an event to another handler of the group, to which it belongs now. */
    void handOver(Work work, HandlerSubscription<?> other) {
        done.increment();
        other.taken();
        work.target(other);
        other.makeReady(work);
    }

    /** Gives an event back to the backend, and those of ours that wait behind it. */
    void giveBack(Work work) {
        Work current = work;
        while (current != null) {
            settlement.untouched(current);
            current.release();
            done.increment();
            Work next = consumer.lanes().leave(current);
            if (next != null && next.target() != this) {
                next.target().makeReady(next);
                next = null;
            }
            current = next;
        }
    }

    /**
     * Ends an event that the backend has taken back. What waits behind it goes back, too, also where the backend has not said so yet:
     * it will be delivered after this one again. Each is given back before its place is free, so that the backend knows before
     * anything newer of the key finds nobody before it.
     */
    void lost(Work work) {
        work.release(); // not ours, but the backend may have to hear that nobody works on it
        done.increment();
        Work next = consumer.lanes().leave(work);
        while (next != null && !next.joined()) {
            settlement.untouched(next);
            next.release();
            next.target().done.increment();
            next = consumer.lanes().leave(next);
        }
    }

    private void releaseReady() {
        Work work = workers.ready().poll();
        while (work != null) {
            giveBack(work);
            work = workers.ready().poll();
        }
    }

    /** Calls something that may take no longer than the timeout. */
    <R> R timed(Callable<R> call) throws Exception {
        if (watchdog == null) {
            return call.call();
        }
        Watchdog.Watch watch = watchdog.thread();
        R result;
        try {
            result = call.call();
        } catch (Throwable failure) {
            if (watch.end()) {
                Thread.interrupted();
                throw tooLong(watchdog, failure);
            }
            throw failure;
        }
        if (watch.end()) {
            Thread.interrupted();
        }
        return result;
    }

    /** Makes what a handler is said to have thrown that took too long. */
    static TimeoutException tooLong(Watchdog watchdog, @Nullable Throwable cause) {
        TimeoutException failure =
                new TimeoutException("The handler took longer than %s".formatted(watchdog.timeout()));
        failure.initCause(cause);
        return failure;
    }

    @Override
    public String channel() {
        return consumer.channel().name();
    }

    @Override
    public String group() {
        return settings.group();
    }

    @Override
    public State state() {
        return state.get();
    }

    @Override
    public int inFlight() {
        long finished = done.sum(); // first, so that the difference is not negative
        return (int) (taken.sum() - finished);
    }

    @Override
    public void pause() {
        if (state.compareAndSet(State.RUNNING, State.PAUSED)) {
            workers.hold();
            consumer.adjust();
        }
    }

    @Override
    public void resume() {
        if (state.compareAndSet(State.PAUSED, State.RUNNING)) {
            workers.proceed();
            consumer.adjust();
        }
    }

    @Override
    public boolean drain(Duration timeout) {
        pause();
        return workers.awaitIdle(timeout);
    }

    @Override
    public void close() {
        if (hold()) {
            consumer.adjust();
            workers.awaitIdle(settings.drainTimeout());
            consumer.remove(this);
        }
    }

    /** Waits for the handlers that run, once nothing begins any more. */
    Optional<Unfinished> await(DrainBudget budget) {
        if (workers.awaitIdle(budget.left(settings.drainTimeout()))) {
            return Optional.empty();
        }
        return Optional.of(new Unfinished(channel(), group(), workers.busy(), budget.spent()));
    }

    /** Begins to close; {@code false} if that was done before. */
    boolean hold() {
        boolean first = state.getAndSet(State.CLOSED) != State.CLOSED;
        workers.hold();
        return first;
    }

    /** Gives back what was not begun, one by one; what is begun later is given back, too. */
    void end() {
        ended = true;
        releaseReady();
    }

    /** Tells whether nothing may be begun any more. */
    boolean ended() {
        return ended;
    }

    List<String> types() {
        return List.copyOf(matcher.types());
    }
}
