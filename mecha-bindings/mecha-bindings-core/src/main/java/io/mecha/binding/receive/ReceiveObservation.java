// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.Outcome;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.MessagingAttributes;
import io.mecha.binding.channel.MeteredCalls;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.runtime.metrics.ObservationGuard;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The observation of handlers as {@code mecha.binding.receive}; it continues a trace that the event carries. */
final class ReceiveObservation {

    private static final String NAME = "mecha.binding.receive";
    private static final List<String> OUTCOMES =
            List.of("ack", "reply", "retry", "drop", "dead-letter", "mixed", MessagingAttributes.ERROR);

    private final ObservationRegistry registry;
    private final String type;
    private final String spanName;
    private final KeyValues meters;
    private final KeyValues spans;
    private final @Nullable MeteredCalls measured;
    private final ObservationGuard guard;
    private final boolean off;

    ReceiveObservation(EngineContext engine, ChannelContext channel, String group) {
        ChannelOptions options = channel.options();
        this.registry = engine.observations();
        this.off = !engine.isObserved();
        this.type = options.type();
        this.spanName = "process " + options.name();
        this.meters = MessagingAttributes.meters(options).and("group", group);
        this.spans = MessagingAttributes.spans(options, "process").and("messaging.consumer.group.name", group);
        this.measured = engine.meters() == null ? null : new MeteredCalls(engine.meters(), NAME, meters, OUTCOMES);
        this.guard = new ObservationGuard(registry, "events of channel '" + options.name() + "'");
    }

    boolean off() {
        return off;
    }

    /** Begins to observe; the caller stops it with the outcome. */
    Observation start(IncomingEvent event) {
        return start(event, 1);
    }

    private Observation start(IncomingEvent event, int count) {
        return guard.start(() -> create(event, count));
    }

    /** Makes what {@link #start} returned the current observation of this thread, until {@link #close}. */
    Observation.Scope open(Observation observation) {
        return guard.open(observation);
    }

    void close(Observation.Scope scope) {
        guard.close(scope);
    }

    /** Ends what {@link #start} returned. */
    void stop(Observation observation, String outcome, @Nullable Throwable failure) {
        guard.stop(observation, outcome, failure);
    }

    private Observation create(IncomingEvent event, int count) {
        if (measured != null) {
            return measured.create();
        }
        ReceiverContext<IncomingEvent> context = new ReceiverContext<>(ReceiveObservation::header, Kind.CONSUMER);
        context.setCarrier(event);
        context.setRemoteServiceName(type);
        Observation observation = Observation.createNotStarted(NAME, () -> context, registry)
                .contextualName(spanName)
                .lowCardinalityKeyValues(meters)
                .highCardinalityKeyValues(spans);
        return count == 1
                ? observation.highCardinalityKeyValue(MessagingAttributes.MESSAGE_ID, event.id())
                : observation.highCardinalityKeyValue(MessagingAttributes.MESSAGE_COUNT, Integer.toString(count));
    }

    private static @Nullable String header(IncomingEvent event, String name) {
        return event.text(name);
    }

    /**
     * Observes a call.
     *
     * @param event whose trace goes on; the first one of several
     * @param count how many events there are
     * @param outcome says what the result means
     */
    <R> R call(IncomingEvent event, int count, Callable<R> handler, Function<? super R, String> outcome)
            throws Exception {
        return guard.observe(start(event, count), handler::call, outcome, MessagingAttributes.ERROR);
    }

    /** Names what a handler decided; {@code error} if it decided nothing. */
    static String name(@Nullable Outcome outcome) {
        if (outcome instanceof Outcome.Ack) {
            return "ack";
        } else if (outcome instanceof Outcome.Reply) {
            return "reply";
        } else if (outcome instanceof Outcome.Retry) {
            return "retry";
        } else if (outcome instanceof Outcome.Drop) {
            return "drop";
        }
        return outcome == null ? MessagingAttributes.ERROR : "dead-letter";
    }

    /** Names what a handler decided on a batch; {@code mixed} if not the same for all. */
    static String name(CollectedBatch<?> batch) {
        String all = name(batch.decision(0).outcome());
        for (int index = 1; index < batch.size(); index++) {
            if (!name(batch.decision(index).outcome()).equals(all)) {
                return "mixed";
            }
        }
        return all;
    }
}
