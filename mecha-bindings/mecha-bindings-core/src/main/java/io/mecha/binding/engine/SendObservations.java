// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Event;
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
 * Observes sends as {@code mecha.binding.send}, and writes the trace into the extensions of the events.
 *
 * <p>Source: CloudEvents 1.0.2, "Distributed Tracing extension".
 */
final class SendObservations {

    private final ObservationRegistry registry;
    private final ChannelOptions channel;

    SendObservations(ObservationRegistry registry, ChannelOptions channel) {
        this.registry = registry;
        this.channel = channel;
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
                .contextualName(channel.name() + " send")
                .lowCardinalityKeyValue("channel", channel.name())
                .lowCardinalityKeyValue("type", channel.type())
                .lowCardinalityKeyValue("outcome", "error")
                .start();
        CompletionStage<R> result;
        Observation.Scope scope = observation.openScope();
        try {
            result = send.get();
        } catch (RuntimeException | Error failure) {
            scope.close();
            observation.error(failure).stop();
            throw failure;
        }
        scope.close();
        return result.whenComplete((receipt, failure) -> {
            try {
                if (failure == null) {
                    observation.lowCardinalityKeyValue("outcome", "sent");
                } else {
                    observation.error(Failures.of(channel, failure));
                }
            } finally {
                observation.stop();
            }
        });
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
