// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.mecha.benchmarks.workload.LeaseCycle;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.redis.RedisStateBackend;
import io.mecha.state.spi.StateBackend;

/** Mecha's way to Redis, as an application has it: keys with a prefix, JSON by Jackson. */
public final class RedisStores implements AutoCloseable {

    private final RedisClient client;
    private final StateStoreComponent component;
    private final LeaseCycle leases;

    /** Connect to a server. */
    public RedisStores(RedisURI uri) {
        client = RedisClient.create(uri);
        client.setOptions(RedisStateBackend.options(client.getOptions()));
        StateBackend backend = RedisStateBackend.builder(client).store("bench").build();
        leases = new LeaseCycle(backend);
        component = StateStoreComponent.builder("bench", "redis", backend, JacksonCodecs.standard())
                .keyPrefix("bench:")
                .build();
    }

    /** Return the store for values of a type. */
    public <V> KeyValueStore<V> store(Class<V> type) {
        return component.store(type);
    }

    LeaseCycle leases() {
        return leases;
    }

    @Override
    public void close() {
        component.close();
        client.shutdown();
    }
}
