// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import io.mecha.test.state.StateBackendContract;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisClusterHashTagStateBackendIT extends StateBackendContract {

    private static RedisClusterProcess cluster;
    private static RedisClusterClient client;
    private static StatefulRedisClusterConnection<String, String> direct;

    @BeforeAll
    static void start() {
        cluster = new RedisClusterProcess();
        client = RedisClusterClient.create(cluster.uri());
        client.setOptions(RedisStateBackend.options(ClusterClientOptions.create()));
        direct = client.connect();
    }

    @AfterAll
    static void stop() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
        cluster.close();
    }

    @Override
    protected String adapter() {
        return "redis-cluster-hash-tag";
    }

    @Override
    protected StateBackend backend() {
        direct.sync().flushall();
        return open();
    }

    private static StateBackend open() {
        return RedisStateBackend.builder(client)
                .store("contract")
                .timeout(Duration.ofSeconds(2))
                .hashTag(RedisStateBackend.HashTag.STORE)
                .build();
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, Leases.class);
    }

    @Override
    protected Optional<StateBackend> anotherNode() {
        return Optional.of(open());
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Override
    protected OptionalLong storedEntries() {
        return OptionalLong.of(direct.sync().dbsize());
    }
}
