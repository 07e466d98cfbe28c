// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.Capabilities;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateContentionException;
import io.mecha.state.WriteResult;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.state.ForwardingBackend;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComputeInTransactionTests {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesUpAtOnceWhenTheSurroundingTransactionDoesNotSeeTheChange(boolean existed) {
        StateBackend backend = new MemoryStateBackend(InstantSource.system());
        if (existed) {
            store(backend).put("key", "before");
        }
        StateBackend snapshot = new ForwardingBackend(backend) {

            @Override
            public WriteResult write(Mutation mutation) {
                return new WriteResult.Conflict(null, "newer");
            }

            @Override
            public Capabilities capabilities() {
                return Capabilities.none().with(SurroundingTransaction.class, new AlwaysActive());
            }
        };
        AtomicInteger calls = new AtomicInteger();

        assertThatExceptionOfType(StateContentionException.class)
                .isThrownBy(() -> store(snapshot).compute("key", "initial", value -> value + calls.incrementAndGet()))
                .withMessageContaining("MECHA-S306")
                .withMessageContaining("does not see the change");
        assertThat(calls).hasValue(1);
    }

    private static KeyValueStore<String> store(StateBackend backend) {
        return StateStoreComponent.builder("carts", "memory", backend, JacksonCodecs.standard())
                .build()
                .store(String.class);
    }

    private static final class AlwaysActive implements SurroundingTransaction {

        @Override
        public boolean active() {
            return true;
        }

        @Override
        public Optional<String> snapshot() {
            return Optional.empty();
        }

        @Override
        public boolean on(Object resource) {
            return false;
        }

        @Override
        public void afterCompletion(Runnable action) {
            // never ends
        }

        @Override
        public void afterCommit(Runnable action) {
            // never ends
        }
    }
}
