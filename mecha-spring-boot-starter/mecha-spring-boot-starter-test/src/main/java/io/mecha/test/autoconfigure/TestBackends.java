// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import io.mecha.state.memory.MemoryStateBackendFactory;
import io.mecha.state.memory.TransactionScope;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;

/** The memory backends of an application, and what was in them when it had started. */
final class TestBackends {

    private final List<TestBackend> backends = new CopyOnWriteArrayList<>();

    /** Returns what makes backends that join the transactions of a scope, or none without it. */
    StateBackendFactory factory(@Nullable TransactionScope scope) {
        return new Factory(scope == null ? new MemoryStateBackendFactory() : new MemoryStateBackendFactory(scope));
    }

    @EventListener(ApplicationReadyEvent.class)
    void remember() {
        backends.forEach(TestBackend::remember);
    }

    void restore() {
        backends.forEach(TestBackend::restore);
    }

    /** Not a bean, since the application has a factory of this type already. */
    private final class Factory implements StateBackendFactory {

        private final MemoryStateBackendFactory factory;

        Factory(MemoryStateBackendFactory factory) {
            this.factory = factory;
        }

        @Override
        public String type() {
            return factory.type();
        }

        @Override
        public boolean sharesKeys() {
            return factory.sharesKeys();
        }

        @Override
        public StateBackend create(Settings settings) {
            StateBackend backend = factory.create(settings);
            backends.add(new TestBackend(backend, settings.clock()));
            return backend;
        }
    }
}
