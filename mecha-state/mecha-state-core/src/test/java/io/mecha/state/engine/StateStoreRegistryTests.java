// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.codec.GenericType;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.MissingCapabilityException;
import io.mecha.state.UnknownStateStoreException;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Transactions;
import io.mecha.test.TestClock;
import io.mecha.test.state.ForwardingBackend;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StateStoreRegistryTests {

    private final AtomicInteger closed = new AtomicInteger();

    private StateStoreComponent component(String name) {
        return StateStoreComponent.builder(
                        name,
                        "memory",
                        new ForwardingBackend(new MemoryStateBackend(new TestClock())) {

                            @Override
                            public void close() {
                                closed.incrementAndGet();
                            }
                        },
                        JacksonCodecs.standard())
                .build();
    }

    @Test
    void findsAConfiguredStoreByEveryKindOfType() {
        StateStoreRegistry registry = new StateStoreRegistry(List.of(component("a")), null);

        registry.store("a", String.class).put("k", "v");

        assertThat(registry.store("a", new GenericType<String>() {}).get("k")).contains("v");
        assertThat(registry.store("a", (Type) String.class).name()).isEqualTo("a");
        assertThat(registry.names()).containsExactly("a");
    }

    @Test
    void refusesAnUnknownStoreAndListsTheKnown() {
        StateStoreRegistry registry = new StateStoreRegistry(List.of(component("b"), component("a")), null);

        assertThatExceptionOfType(UnknownStateStoreException.class)
                .isThrownBy(() -> registry.store("c", String.class))
                .withMessage("MECHA-S101: State store 'c' is not configured; known stores: [a, b]."
                        + " Set mecha.state.stores.c.type, or set mecha.state.default-type to a type other than none.");
    }

    @Test
    void createsAnUndeclaredStoreOnce() {
        StateStoreRegistry registry = new StateStoreRegistry(List.of(), this::component);

        assertThat(registry.component("a")).isSameAs(registry.component("a"));
        assertThat(registry.components()).hasSize(1);
    }

    @Test
    void closesEveryStore() {
        StateStoreRegistry registry = new StateStoreRegistry(List.of(component("a"), component("b")), null);

        registry.close();

        assertThat(closed).hasValue(2);
    }

    @Test
    void tellsWhichCapabilityIsMissing() {
        StateStoreComponent component = component("a");

        component.require(Transactions.class);

        assertThat(component.capabilities().find(ChangeNotifications.class)).isPresent();
        assertThatExceptionOfType(MissingCapabilityException.class)
                .isThrownBy(() -> component.require(SurroundingTransaction.class))
                .withMessageContaining(
                        "State store 'a' needs SurroundingTransaction, which its backend of type 'memory'"
                                + " does not offer")
                .satisfies(failure -> assertThat(failure.capability()).isEqualTo(SurroundingTransaction.class));
    }
}
