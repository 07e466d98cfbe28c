// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.Event;
import io.mecha.binding.Receipt;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.MessagingAttributes;
import io.mecha.binding.channel.MeteredCalls;
import io.mecha.binding.event.AttributeText;
import io.mecha.runtime.metrics.ObservationGuard;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The observation of sends as {@code mecha.binding.send}; it writes the trace into the extensions of the events.
 *
 * <p>Source: CloudEvents 1.0.2, "Distributed Tracing extension".
 */
final class SendObservations {

    private static final String NAME = "mecha.binding.send";
    private static final String SENT = "sent";

    private final ObservationRegistry registry;
    private final ChannelOptions channel;
    private final String spanName;
    private final KeyValues meters;
    private final KeyValues spans;
    private final @Nullable MeteredCalls measured;
    private final ObservationGuard guard;

    SendObservations(EngineContext engine, ChannelOptions channel) {
        this.registry = engine.observations();
        this.channel = channel;
        this.spanName = "send " + channel.name();
        this.meters = MessagingAttributes.meters(channel);
        this.spans = MessagingAttributes.spans(channel, "send");
        this.measured = engine.meters() == null
                ? null
                : new MeteredCalls(engine.meters(), NAME, meters, List.of(SENT, MessagingAttributes.ERROR));
        this.guard = new ObservationGuard(registry, "sends of channel '" + channel.name() + "'");
    }

    /**
     * Observes a send from before the events are complete until the backend has them.
     *
     * @param events take the trace
     * @param send sends them; what it returns may be complete already
     */
    <R> CompletionStage<R> observe(
            Collection<? extends Event.Builder<?>> events, Supplier<? extends CompletionStage<R>> send) {
        Observation observation = guard.start(() -> create(events));
        Observation.Scope scope = guard.open(observation);
        CompletionStage<R> result;
        try {
            result = send.get();
        } catch (RuntimeException | Error failure) {
            guard.close(scope);
            stop(observation, null, failure);
            throw failure;
        }
        guard.close(scope);
        return result.whenComplete((receipt, failure) ->
                stop(observation, receipt, failure == null ? null : Failures.of(channel, failure)));
    }

    private Observation create(Collection<? extends Event.Builder<?>> events) {
        if (measured != null) {
            return measured.create();
        }
        SenderContext<Collection<? extends Event.Builder<?>>> context =
                new SenderContext<>(SendObservations::write, Kind.PRODUCER);
        context.setCarrier(events);
        context.setRemoteServiceName(channel.type());
        Observation observation = Observation.createNotStarted(NAME, () -> context, registry)
                .contextualName(spanName)
                .lowCardinalityKeyValues(meters)
                .highCardinalityKeyValues(spans);
        return events.size() > 1
                ? observation.highCardinalityKeyValue(
                        MessagingAttributes.MESSAGE_COUNT, Integer.toString(events.size()))
                : observation;
    }

    private void stop(Observation observation, @Nullable Object result, @Nullable Throwable failure) {
        if (result instanceof Receipt receipt) {
            observation.highCardinalityKeyValue(MessagingAttributes.MESSAGE_ID, receipt.id());
        }
        guard.stop(observation, failure == null ? SENT : MessagingAttributes.ERROR, failure);
    }

    private static void write(@Nullable Collection<? extends Event.Builder<?>> events, String name, String value) {
        if (events != null) {
            String extension = name.toLowerCase(Locale.ROOT);
            for (Event.Builder<?> event : events) {
                if (AttributeText.isName(extension)) {
                    event.extension(extension, value);
                } else {
                    event.header(extension, value);
                }
            }
        }
    }
}
