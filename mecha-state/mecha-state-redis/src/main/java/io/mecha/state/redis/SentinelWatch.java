// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A watch over sentinels, which announce that a master was replaced.
 *
 * <p>The old master may live on, cut off from its replicas, and acknowledge what is discarded when it comes back as one of
 * them. Sentinels learn of a new master one after the other, so each of them is listened to: whichever is asked for the
 * master later, the last announcement comes from one that knows it.
 */
final class SentinelWatch implements AutoCloseable {

    private static final String SWITCHED = "+switch-master";

    private final RedisClient client;
    private final String master;
    private final Duration timeout;
    private final Runnable switched;
    private final ScheduledExecutorService executor;
    private final List<Link<StatefulRedisPubSubConnection<String, String>>> links = new ArrayList<>();

    /**
     * Listen to sentinels, in the background.
     *
     * @param sentinels where they are, and the name of the master
     * @param executor has threads for connections that take long; shut down at the end
     * @param switched is called for each announcement
     */
    SentinelWatch(
            RedisClient client,
            RedisURI sentinels,
            ScheduledExecutorService executor,
            Failures failures,
            Duration timeout,
            Runnable switched) {
        this.client = client;
        this.master = sentinels.getSentinelMasterId() + " ";
        this.timeout = timeout;
        this.switched = switched;
        this.executor = executor;
        for (RedisURI sentinel : sentinels.getSentinels()) {
            links.add(new Link<>(() -> listen(sentinel), executor, failures, timeout, () -> {}).start());
        }
    }

    private StatefulRedisPubSubConnection<String, String> listen(RedisURI sentinel) {
        StatefulRedisPubSubConnection<String, String> connection = client.connectPubSub(StringCodec.UTF8, sentinel);
        try {
            connection.setTimeout(timeout);
            connection.addListener(new RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    if (message.startsWith(master)) {
                        switched.run();
                    }
                }
            });
            connection.sync().subscribe(SWITCHED);
            return connection;
        } catch (RuntimeException e) {
            Future<?> unused = connection.closeAsync();
            throw e;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
        links.forEach(Link::close);
    }
}
