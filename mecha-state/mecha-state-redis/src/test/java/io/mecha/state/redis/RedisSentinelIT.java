// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.mecha.MechaException;
import io.mecha.state.Precondition;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Value;
import io.mecha.test.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RedisSentinelIT {

    @Test
    void followsTheMaster() {
        try (RedisProcess master = RedisProcess.server();
                RedisProcess replica = RedisProcess.server(
                        "--replicaof", "127.0.0.1 " + master.port(), "--repl-diskless-sync-delay", "0");
                RedisProcess sentinel = RedisProcess.sentinel(master.port())) {
            RedisClient client = RedisClient.create(RedisURI.Builder.sentinel(sentinel.host(), sentinel.port(), "main")
                    .build());
            client.setOptions(RedisStateBackend.options(client.getOptions()));
            RedisStateBackend backend = RedisStateBackend.builder(client)
                    .timeout(Duration.ofSeconds(10))
                    .build();
            awaitReplica(sentinel);
            write(backend, "before");
            Eventually.eventually(
                    RedisProcess.PATIENCE,
                    () -> assertThat(replica.<Long>cli(commands -> commands.exists("key")))
                            .isEqualTo(1));

            master.stop();

            Eventually.eventually(
                    Duration.ofSeconds(60),
                    () -> assertThat(attempt(() -> write(backend, "after"))).isTrue());
            assertThat(Objects.requireNonNull(backend.read("key")).value().bytes())
                    .asString()
                    .isEqualTo("after");
            backend.close();
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void leavesAMasterThatHangsAsSoonAsAnotherIsAnnounced() {
        try (RedisProcess master = RedisProcess.server();
                RedisProcess replica = RedisProcess.server(
                        "--replicaof", "127.0.0.1 " + master.port(), "--repl-diskless-sync-delay", "0");
                RedisProcess sentinel = RedisProcess.sentinel(master.port())) {
            RedisURI uri = RedisURI.Builder.sentinel(sentinel.host(), sentinel.port(), "main")
                    .build();
            RedisClient client = RedisClient.create(uri);
            client.setOptions(RedisStateBackend.options(client.getOptions()));
            RedisStateBackend backend = RedisStateBackend.builder(client)
                    .timeout(Duration.ofSeconds(60))
                    .sentinels(uri)
                    .build();
            awaitReplica(sentinel);
            write(backend, "before");
            Eventually.eventually(
                    RedisProcess.PATIENCE,
                    () -> assertThat(sentinel.<String>cli(commands -> commands.clientList()))
                            .contains(" sub=1 "));

            master.pause(true);
            try {
                writesWhileTheMasterHangs(backend, sentinel, replica);
            } finally {
                master.pause(false);
            }
            assertThat(replica.<Long>cli(commands -> commands.exists("key"))).isEqualTo(1);
            backend.close();
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    private static void writesWhileTheMasterHangs(
            RedisStateBackend backend, RedisProcess sentinel, RedisProcess replica) {
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> attempt(() -> write(backend, "lost")));
        Eventually.eventually(
                Duration.ofSeconds(30), // half of what a call would wait for the master that hangs
                () -> assertThat(sentinel.<String>cli(commands -> commands.info("sentinel")))
                        .contains("address=127.0.0.1:" + replica.port()));
        assertThat(waiting).succeedsWithin(Duration.ofSeconds(20));
        Eventually.eventually(
                Duration.ofSeconds(20),
                () -> assertThat(attempt(() -> write(backend, "after"))).isTrue());
    }

    private static void awaitReplica(RedisProcess sentinel) {
        Eventually.eventually(
                RedisProcess.PATIENCE,
                () -> assertThat(sentinel.<String>cli(commands -> commands.info("sentinel")))
                        .contains("slaves=1"));
    }

    private static void write(RedisStateBackend backend, String text) {
        backend.write(
                new Mutation.Put("key", Value.of(text.getBytes(StandardCharsets.UTF_8)), null, Precondition.NONE));
    }

    private static boolean attempt(Runnable call) {
        try {
            call.run();
            return true;
        } catch (MechaException e) {
            return false;
        }
    }
}
