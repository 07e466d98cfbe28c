// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import io.mecha.state.Precondition;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import io.mecha.state.spi.Value;
import io.mecha.test.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class MemoryStateBackendFactoryTests {

    private final TestClock clock = new TestClock();
    private final MemoryStateBackendFactory factory = new MemoryStateBackendFactory();

    @Test
    void isFoundAsMemoryAndGivesEachStoreKeysOfItsOwn() {
        assertThat(factory.type()).isEqualTo("memory");
        assertThat(factory.sharesKeys()).isFalse();
        try (StateBackend one = factory.create(new Configured(null));
                StateBackend other = factory.create(new Configured(null))) {
            one.write(new Put("key", Value.of(new byte[0]), null, Precondition.NONE));

            assertThat(other.read("key")).isNull();
        }
    }

    @Test
    void takesTheConfiguredClock() {
        try (StateBackend backend = factory.create(new Configured(null))) {
            backend.write(new Put("key", Value.of(new byte[0]), Duration.ofDays(1), Precondition.NONE));

            clock.advance(Duration.ofDays(1));

            assertThat(backend.read("key")).isNull();
        }
    }

    @Test
    void takesTheConfiguredBound() {
        try (StateBackend backend = factory.create(new Configured(1L))) {
            backend.write(new Put("a", Value.of(new byte[0]), null, Precondition.NONE));
            backend.write(new Put("b", Value.of(new byte[0]), null, Precondition.NONE));

            assertThat(((MemoryStateBackend) backend).storedEntries()).isEqualTo(1);
        }
    }

    @Test
    void refusesABoundBelowOne() {
        assertThatThrownBy(() -> factory.create(new Configured(0L)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("MECHA-S106")
                .hasMessageContaining("mecha.state.stores.carts.memory.maximum-size")
                .hasMessageContaining("State store 'carts' is to keep at most 0 keys.");
    }

    @Test
    void namesTheStoreWhenItIsUsedAfterClose() {
        StateBackend backend = factory.create(new Configured(null));

        backend.close();

        assertThatThrownBy(() -> backend.read("key"))
                .isInstanceOf(StateUnavailableException.class)
                .hasMessageStartingWith(
                        "MECHA-S305: The memory backend of state store 'carts' was called after it was closed;");
    }

    private final class Configured implements StateBackendFactory.Settings {

        private final Long maximumSize;

        Configured(Long maximumSize) {
            this.maximumSize = maximumSize;
        }

        @Override
        public String store() {
            return "carts";
        }

        @Override
        public <O> O options(Class<O> type) {
            return type.cast(new MemoryStateOptions(maximumSize));
        }

        @Override
        public boolean announcesChanges() {
            return false;
        }

        @Override
        public Path dataDirectory() {
            return Path.of("unused");
        }

        @Override
        public InstantSource clock() {
            return clock;
        }
    }
}
