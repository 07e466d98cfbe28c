// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.PageRequest;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.Change;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.test.TestClock;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObservedStoreTests {

    private final List<String> stopped = new ArrayList<>();
    private final KeyValueStore<String> store = StateStoreComponent.builder(
                    "notes", "memory", new MemoryStateBackend(new TestClock()), JacksonCodecs.standard())
            .observations(recording())
            .build()
            .store(String.class);

    private ObservationRegistry recording() {
        ObservationRegistry registry = ObservationRegistry.create();
        registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }

            @Override
            public void onStop(Observation.Context context) {
                KeyValue outcome = context.getLowCardinalityKeyValue("outcome");
                stopped.add(context.getName() + " " + (outcome == null ? "?" : outcome.getValue()));
                assertThat(context.getLowCardinalityKeyValue("store")).isEqualTo(KeyValue.of("store", "notes"));
                assertThat(context.getLowCardinalityKeyValue("type")).isEqualTo(KeyValue.of("type", "memory"));
                assertThat(context.getHighCardinalityKeyValues()).isEmpty();
            }
        });
        return registry;
    }

    @Test
    void observesEachOperationWithItsOutcome() {
        String version = store.put("a", "1");
        store.get("a");
        store.find("missing");
        store.replace("a", "2", version);
        store.replace("a", "2", version);
        store.putIfAbsent("a", "3");
        store.compute("a", current -> current + "!");
        store.compute("a", "0", current -> current + "!");
        store.getAll(List.of("a"));
        store.putAll(Map.of("b", "1"));
        store.writeAll(List.of(Change.put("c", "1")));
        store.transact(tx -> tx.replace("c", "2", "stale"));
        store.keys("", PageRequest.first(10));
        store.remove("a", "stale");
        store.remove("a");

        assertThat(stopped)
                .containsExactly(
                        "mecha.state.put done",
                        "mecha.state.get hit",
                        "mecha.state.find miss",
                        "mecha.state.replace done",
                        "mecha.state.replace conflict",
                        "mecha.state.put-if-absent conflict",
                        "mecha.state.compute done",
                        "mecha.state.compute done",
                        "mecha.state.get-all done",
                        "mecha.state.put-all done",
                        "mecha.state.write-all done",
                        "mecha.state.transact conflict",
                        "mecha.state.keys done",
                        "mecha.state.remove conflict",
                        "mecha.state.remove done");
    }

    @Test
    void observesAFailureAsAnError() {
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> store.get(" "));

        assertThat(stopped).containsExactly("mecha.state.get error");
    }

    @Test
    void isNotThereWithoutARegistry() {
        KeyValueStore<String> plain = StateStoreComponent.builder(
                        "notes", "memory", new MemoryStateBackend(new TestClock()), JacksonCodecs.standard())
                .build()
                .store(String.class);

        assertThat(plain).isInstanceOf(TypedStore.class);
        assertThat(store).isInstanceOf(ObservedStore.class);
    }
}
