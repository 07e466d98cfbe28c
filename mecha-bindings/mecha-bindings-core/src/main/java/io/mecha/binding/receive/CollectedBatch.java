// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.Batch;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A batch of events for one call, with the handler's decision about each.
 *
 * @param <T> type of the payload
 */
final class CollectedBatch<T> implements Batch<T> {

    private final List<Event<T>> events;
    private final @Nullable Outcome[] outcomes;
    private final @Nullable Throwable[] failures;
    private @Nullable Throwable thrown;

    CollectedBatch(List<Event<T>> events) {
        this.events = Collections.unmodifiableList(events);
        this.outcomes = new Outcome[events.size()];
        this.failures = new Throwable[events.size()];
    }

    @Override
    public List<Event<T>> events() {
        return events;
    }

    @Override
    public List<T> payloads() {
        return events.stream().flatMap(event -> event.payload().stream()).toList();
    }

    @Override
    public int size() {
        return events.size();
    }

    @Override
    public void retry(int index, Throwable failure) {
        failures[index] = Objects.requireNonNull(failure, "failure");
        outcomes[index] = Outcome.retry();
    }

    @Override
    public void retry(int index, Duration after) {
        failures[index] = null;
        outcomes[index] = Outcome.retry(after);
    }

    @Override
    public void drop(int index) {
        outcomes[index] = Outcome.drop();
    }

    @Override
    public void deadLetter(int index, String reason) {
        outcomes[index] = Outcome.deadLetter(reason);
    }

    /** Has every event retried that has no outcome yet. */
    void failed(Throwable failure) {
        thrown = failure;
        for (int index = 0; index < outcomes.length; index++) {
            if (outcomes[index] == null) {
                retry(index, failure);
            }
        }
    }

    /** Returns what the handler threw, or {@code null}. */
    @Nullable Throwable thrown() {
        return thrown;
    }

    Decision decision(int index) {
        Outcome said = outcomes[index];
        return new Decision(said == null ? Outcome.ack() : said, failures[index], Kind.TRIED);
    }

    /** The kinds of decisions about an event of a batch. */
    enum Kind {
        /** The handler was called with it. */
        TRIED,
        /** It was handled before. */
        DUPLICATE,
        /** It could not be tried. */
        BUSY
    }

    /**
     * A decision about an event of a batch.
     *
     * @param failure why it is to be tried again, if the handler told
     */
    record Decision(Outcome outcome, @Nullable Throwable failure, Kind kind) {

        static final Decision DUPLICATE = new Decision(Outcome.ack(), null, Kind.DUPLICATE);
        static final Decision BUSY = new Decision(Outcome.retry(), null, Kind.BUSY);

        /** Tells whether the event is finished, and not to be tried again or given up. */
        boolean handled() {
            return outcome instanceof Outcome.Ack || outcome instanceof Outcome.Drop;
        }
    }
}
