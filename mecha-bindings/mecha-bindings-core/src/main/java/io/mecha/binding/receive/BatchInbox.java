// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.Event;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.receive.CollectedBatch.Decision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The inbox of one batch: the handler gets the events that were not handled before.
 *
 * @param <T> type of the payload
 */
final class BatchInbox<T> {

    private final Inbox inbox;

    BatchInbox(Inbox inbox) {
        this.inbox = inbox;
    }

    /** Returns what becomes of each event. */
    List<Decision> run(List<Work> works, List<Event<T>> events, Function<List<Event<T>>, CollectedBatch<T>> handler) {
        return Arrays.asList(
                inbox.transactional() ? transacted(works, events, handler) : claimed(works, events, handler));
    }

    private Decision[] transacted(
            List<Work> works, List<Event<T>> events, Function<List<Event<T>>, CollectedBatch<T>> handler) {
        Decision[] decisions = new Decision[works.size()];
        try {
            inbox.transact(() -> {
                List<Integer> fresh = new ArrayList<>();
                for (int index = 0; index < works.size(); index++) {
                    decisions[index] = Decision.DUPLICATE;
                    if (inbox.enter(event(works.get(index)))) {
                        fresh.add(index);
                    }
                }
                Throwable thrown = call(events, fresh, decisions, handler);
                if (thrown != null) {
                    throw new RolledBackException(thrown);
                }
                for (int index : fresh) {
                    if (!decisions[index].handled()) {
                        inbox.forget(event(works.get(index)));
                    }
                }
                return true;
            });
        } catch (RolledBackException told) {
            return decisions;
        } catch (Throwable failure) { // allow CatchException: nothing was committed, so all are failed attempts
            CollectedBatch<T> all = new CollectedBatch<>(events);
            all.failed(failure);
            Arrays.setAll(decisions, all::decision);
        }
        return decisions;
    }

    private Decision[] claimed(
            List<Work> works, List<Event<T>> events, Function<List<Event<T>>, CollectedBatch<T>> handler) {
        Decision[] decisions = new Decision[works.size()];
        Inbox.@Nullable Claim[] claims = new Inbox.Claim[works.size()];
        List<Integer> fresh = new ArrayList<>();
        for (int index = 0; index < works.size(); index++) {
            Inbox.Claim claim = claim(works.get(index));
            claims[index] = claim;
            if (claim == null || claim.state() == Inbox.State.BUSY) {
                decisions[index] = Decision.BUSY;
            } else if (claim.state() == Inbox.State.HANDLED) {
                decisions[index] = Decision.DUPLICATE;
            } else {
                fresh.add(index);
            }
        }
        call(events, fresh, decisions, handler);
        for (int index : fresh) {
            Inbox.Claim claim = claims[index];
            if (claim != null && decisions[index].handled()) {
                claim.handled();
            } else if (claim != null) {
                claim.undo();
            }
        }
        return decisions;
    }

    private @Nullable Throwable call(
            List<Event<T>> events,
            List<Integer> fresh,
            Decision[] decisions,
            Function<List<Event<T>>, CollectedBatch<T>> handler) {
        if (fresh.isEmpty()) {
            return null;
        }
        CollectedBatch<T> batch = handler.apply(fresh.stream().map(events::get).toList());
        for (int position = 0; position < fresh.size(); position++) {
            decisions[fresh.get(position)] = batch.decision(position);
        }
        return batch.thrown();
    }

    private Inbox.@Nullable Claim claim(Work work) {
        try {
            return inbox.claim(event(work));
        } catch (Throwable failure) { // allow CatchException: not the handler's fault, so it does not count
            return null;
        }
    }

    private static IncomingEvent event(Work work) {
        IncomingEvent event = work.event();
        if (event == null) {
            throw new IllegalStateException("An event that was admitted was not read");
        }
        return event;
    }

    /** The reason to roll a transaction back whose events are settled already. */
    private static final class RolledBackException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RolledBackException(Throwable cause) {
            super(cause);
        }
    }
}
