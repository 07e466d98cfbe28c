// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.NearCacheOptions;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.StateBackend;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The code of docs/state.md that does without Spring. */
class WithoutSpringTests {

    record Reading(double celsius) {}

    @Test
    void assemblesAStore() {
        // tag::builder[]
        StateBackend backend = new MemoryStateBackend(InstantSource.system());
        try (StateStoreComponent component = StateStoreComponent.builder(
                        "readings", "memory", backend, JacksonCodecs.standard())
                .timeToLive(Duration.ofDays(7))
                .nearCache(new NearCacheOptions(1_000, Duration.ofSeconds(5)))
                .build()) {
            KeyValueStore<Reading> readings = component.store(Reading.class);
            readings.put("kitchen", new Reading(21.5));
            assertThat(readings.get("kitchen")).contains(new Reading(21.5));
        }
        // end::builder[]
    }
}
