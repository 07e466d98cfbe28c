// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.WriteResult;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.test.BrokenObserver;
import io.mecha.test.TestClock;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an observer throws, and whenever: a call does what it would do without one. */
class BrokenObserverTests {

    private ObservationRegistry registry = ObservationRegistry.NOOP;

    private KeyValueStore<String> store(BrokenObserver.Moment broken) {
        registry = BrokenObserver.registry(broken);
        return StateStoreComponent.builder(
                        "notes", "memory", new MemoryStateBackend(new TestClock()), JacksonCodecs.standard())
                .observations(registry)
                .build()
                .store(String.class);
    }

    @ParameterizedTest
    @EnumSource
    void writesAndReads(BrokenObserver.Moment broken) {
        KeyValueStore<String> store = store(broken);

        String version = store.put("a", "1");

        assertThat(store.get("a")).contains("1");
        assertThat(store.replace("a", "2", version)).isInstanceOf(WriteResult.Written.class);
        assertThat(store.get("a")).contains("2");
        assertThat(registry.getCurrentObservationScope()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void callsAFunctionOnce(BrokenObserver.Moment broken) {
        KeyValueStore<String> store = store(broken);
        store.put("a", "1");

        store.compute("a", current -> current + "!");

        assertThat(store.get("a")).contains("1!");
    }

    @ParameterizedTest
    @EnumSource
    void failsAsItDoesUnobserved(BrokenObserver.Moment broken) {
        KeyValueStore<String> store = store(broken);

        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> store.get(" "));
        assertThat(registry.getCurrentObservationScope()).isNull();
    }
}
