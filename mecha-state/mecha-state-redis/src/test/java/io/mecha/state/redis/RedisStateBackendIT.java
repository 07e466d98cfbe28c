// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.mecha.coordination.engine.Coordination;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import io.mecha.test.TcpProxy;
import io.mecha.test.state.CoordinationNode;
import io.mecha.test.state.StateBackendContract;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisStateBackendIT extends StateBackendContract {

    private static RedisProcess server;
    private static TcpProxy proxy;
    private static RedisClient client;
    private static RedisClient directClient;
    private static StatefulRedisConnection<String, String> direct;

    @BeforeAll
    static void start() {
        server = RedisProcess.server();
        proxy = new TcpProxy(server.port());
        client = RedisClient.create(RedisURI.create(server.host(), proxy.port()));
        client.setOptions(RedisStateBackend.options(client.getOptions()));
        directClient = RedisClient.create(server.uri());
        direct = directClient.connect();
    }

    @AfterAll
    static void stop() {
        client.shutdown(0, 1, TimeUnit.SECONDS);
        directClient.shutdown(0, 1, TimeUnit.SECONDS);
        proxy.close();
        server.close();
    }

    @Override
    protected String adapter() {
        return "redis";
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
                .build();
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, ChangeNotifications.class, Leases.class);
    }

    @Override
    protected Optional<StateBackend> anotherNode() {
        return Optional.of(open());
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(proxy);
    }

    @Override
    protected OptionalLong storedEntries() {
        return OptionalLong.of(direct.sync().dbsize());
    }

    @Override
    protected Optional<CoordinationNode> coordination(StateBackend backend) {
        Coordination node = Coordination.builder("locks", "redis", "", backend.capabilities())
                .build();
        return Optional.of(new CoordinationNode(node.locks(), node.elections(), node::close));
    }
}
