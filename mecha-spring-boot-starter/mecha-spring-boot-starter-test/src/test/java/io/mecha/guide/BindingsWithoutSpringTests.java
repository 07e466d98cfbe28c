// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Outcome;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.codec.jackson.JacksonCodecs;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The code of docs/bindings.md that does without Spring. */
class BindingsWithoutSpringTests {

    record Reading(double celsius) {}

    @Test
    void assemblesChannels() {
        // tag::builder[]
        MemoryBroker broker = new MemoryBroker(InstantSource.system());
        ChannelSource channels = ChannelSource.of(name -> new ChannelDefinition(
                ChannelOptions.of(name, "memory"), broker.connect(name, name, MemoryBindingOptions.defaults())));
        try (broker;
                BindingEngine engine = BindingEngine.builder()
                        .application("kitchen")
                        .codecs(JacksonCodecs.standard())
                        .source(channels)
                        .build()) {
            engine.subscribe(
                    SubscriptionSpec.of("readings", Reading.class).build(),
                    event -> Outcome.reply(event.data().celsius() > 30));
            engine.start();

            Sender<Reading> readings = engine.sender("readings", Reading.class);
            assertThat(readings.request(new Reading(31.5), Boolean.class, Duration.ofSeconds(10)))
                    .isTrue();
        }
        // end::builder[]
    }
}
