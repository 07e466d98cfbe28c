// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.Event;
import io.mecha.binding.Receipt;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.Failures;
import io.mecha.binding.channel.MessagingAttributes;
import io.mecha.binding.event.AttributeText;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.Collection;
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

    private final ObservationRegistry registry;
    private final ChannelOptions channel;
    private final String spanName;
    private final KeyValues meters;
    private final KeyValues spans;

    SendObservations(ObservationRegistry registry, ChannelOptions channel) {
        this.registry = registry;
        this.channel = channel;
        this.spanName = "send " + channel.name();
        this.meters = MessagingAttributes.meters(channel);
        this.spans = MessagingAttributes.spans(channel, "send");
    }

    /**
     * Observes a send from before the events are complete until the backend has them.
     *
     * @param events take the trace
     * @param send sends them; what it returns may be complete already
     */
    <R> CompletionStage<R> observe(
            Collection<? extends Event.Builder<?>> events, Supplier<? extends CompletionStage<R>> send) {
        SenderContext<Collection<? extends Event.Builder<?>>> context =
                new SenderContext<>(SendObservations::write, Kind.PRODUCER);
        context.setCarrier(events);
        context.setRemoteServiceName(channel.type());
        Observation observation = Observation.createNotStarted("mecha.binding.send", () -> context, registry)
                .contextualName(spanName)
                .lowCardinalityKeyValues(meters)
                .highCardinalityKeyValues(spans);
        if (events.size() > 1) {
            observation.highCardinalityKeyValue(MessagingAttributes.MESSAGE_COUNT, Integer.toString(events.size()));
        }
        observation.start();
        CompletionStage<R> result;
        Observation.Scope scope = observation.openScope();
        try {
            result = send.get();
        } catch (RuntimeException | Error failure) {
            scope.close();
            stop(observation, null, failure);
            throw failure;
        }
        scope.close();
        return result.whenComplete((receipt, failure) ->
                stop(observation, receipt, failure == null ? null : Failures.of(channel, failure)));
    }

    private void stop(Observation observation, @Nullable Object result, @Nullable Throwable failure) {
        try {
            if (result instanceof Receipt receipt) {
                observation.highCardinalityKeyValue(MessagingAttributes.MESSAGE_ID, receipt.id());
            }
            observation.lowCardinalityKeyValue(
                    MessagingAttributes.OUTCOME, failure == null ? "sent" : MessagingAttributes.ERROR);
            if (failure != null) {
                observation.error(failure);
            }
        } finally {
            observation.stop();
        }
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
