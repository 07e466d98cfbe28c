// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;

/** Lettuce as one would use it by hand: one shared connection for each kind of value, blocking calls. */
final class PlainRedis implements AutoCloseable {

    private final RedisClient client;
    private final RedisCommands<String, byte[]> bytes;
    private final RedisCommands<String, String> texts;

    PlainRedis(RedisURI uri) {
        client = RedisClient.create(uri);
        bytes = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
        texts = client.connect(StringCodec.UTF8).sync();
    }

    RedisCommands<String, byte[]> bytes() {
        return bytes;
    }

    RedisCommands<String, String> texts() {
        return texts;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
