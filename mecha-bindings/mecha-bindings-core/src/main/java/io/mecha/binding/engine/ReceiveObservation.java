// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Observes handlers as {@code mecha.binding.receive}; a trace that the event carries goes on. */
final class ReceiveObservation {

    private static final String NAME = "mecha.binding.receive";

    private final ObservationRegistry registry;
    private final String channel;
    private final KeyValues tags;

    ReceiveObservation(ObservationRegistry registry, ChannelComponent channel, String group) {
        this.registry = registry;
        this.channel = channel.name();
        this.tags = KeyValues.of(
                "mecha.binding.channel",
                channel.name(),
                "mecha.binding.group",
                group,
                "mecha.binding.type",
                channel.options().type());
    }

    boolean off() {
        return registry.isNoop();
    }

    /** Begins to observe; whoever calls stops it. */
    Observation start(IncomingEvent event) {
        return create(event).start();
    }

    private Observation create(IncomingEvent event) {
        ReceiverContext<IncomingEvent> context = new ReceiverContext<>(ReceiveObservation::header, Kind.CONSUMER);
        context.setCarrier(event);
        context.setRemoteServiceName(channel);
        return Observation.createNotStarted(NAME, () -> context, registry)
                .contextualName(channel + " receive")
                .lowCardinalityKeyValues(tags)
                .highCardinalityKeyValue("mecha.binding.event.id", event.id());
    }

    private static @Nullable String header(IncomingEvent event, String name) {
        return event.text(name);
    }

    /** Observes a call. */
    <R> R call(IncomingEvent event, Callable<R> handler) throws Exception {
        if (off()) {
            return handler.call();
        }
        return create(event).observeChecked(handler::call);
    }
}
