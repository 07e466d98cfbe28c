// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.Secret;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.memory.MemoryStateOptions;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stands for an adapter with options of its own, whose stores share keys. */
public final class FakeBackendFactory implements StateBackendFactory {

    final Map<String, Settings> settings = new LinkedHashMap<>();
    final Map<String, Options> options = new LinkedHashMap<>();
    private final String type;
    private final Runnable ping;

    public FakeBackendFactory(String type) {
        this(type, () -> {});
    }

    public FakeBackendFactory(String type, Runnable ping) {
        this.type = type;
        this.ping = ping;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public boolean sharesKeys() {
        return true;
    }

    @Override
    public StateBackend create(Settings given) {
        settings.put(given.store(), given);
        Options bound = given.options(Options.class);
        options.put(given.store(), bound);
        if ("refused".equals(bound.table())) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-S999",
                    "mecha.state.stores.%s.%s.table".formatted(given.store(), type),
                    "Refused.",
                    "Choose.")));
        }
        StateBackend memory = new MemoryStateBackend(given.store(), given.clock(), new MemoryStateOptions(null));
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("ping")) {
                ping.run();
            }
            return method.invoke(memory, arguments);
        };
        return (StateBackend) Proxy.newProxyInstance(
                StateBackend.class.getClassLoader(), new Class<?>[] {StateBackend.class}, handler);
    }

    /** Options of every kind. */
    public record Options(
            @Nullable String table,
            @Nullable Duration timeout,
            int batch,
            boolean fast,
            @Nullable Secret password,
            @Nullable Pool pool) {

        /** Options of a pool. */
        public record Pool(
                int size,
                @Nullable List<String> hosts,
                @Nullable Map<String, String> labels) {}
    }
}
