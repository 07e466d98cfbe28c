// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisURI;
import io.mecha.test.Eventually;
import java.util.List;
import java.util.stream.IntStream;

/** A cluster of three masters, each with a third of the slots. */
final class RedisClusterProcess implements AutoCloseable {

    private static final int SLOTS = 16_384;
    private static final int NODES = 3;

    private final List<RedisProcess> nodes;

    RedisClusterProcess() {
        nodes = IntStream.range(0, NODES)
                .mapToObj(i -> RedisProcess.server("--cluster-enabled", "yes", "--cluster-node-timeout", "2000"))
                .toList();
        RedisProcess first = nodes.get(0);
        for (int i = 0; i < NODES; i++) {
            int from = i * SLOTS / NODES;
            int to = (i + 1) * SLOTS / NODES;
            nodes.get(i).cli(commands -> {
                commands.clusterAddSlots(IntStream.range(from, to).toArray());
                return commands.clusterMeet(first.host(), first.port());
            });
        }
        nodes.forEach(node -> Eventually.eventually(RedisProcess.PATIENCE, () -> {
            String state = node.cli(commands -> commands.clusterInfo());
            assertThat(state).contains("cluster_state:ok", "cluster_known_nodes:" + NODES);
        }));
    }

    List<RedisProcess> nodes() {
        return nodes;
    }

    RedisURI uri() {
        return nodes.get(0).uri();
    }

    @Override
    public void close() {
        nodes.forEach(RedisProcess::close);
    }
}
