// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.codec.StringCodec;
import io.mecha.runtime.GuardedTask;
import io.mecha.runtime.Threads;
import io.mecha.runtime.Troubles;
import io.mecha.state.spi.ChangeNotifications;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The notifications of changes from the server's own invalidation messages: client-side caching in broadcast mode.
 *
 * <p>Writers do nothing for it, and it sees whatever changes a key: other applications, {@code redis-cli}, expiry. Each
 * listener has a connection of its own, because prefixes on one connection may not overlap.
 *
 * @implNote Source: "Client-side caching reference", redis.io, section "Broadcasting mode".
 */
final class RedisChangeNotifications implements ChangeNotifications, AutoCloseable {

    private static final String LISTENER = "A listener for changes of keys in Redis";
    private static final String INVALIDATE = "invalidate";

    private final RedisClient client;
    private final Keyspace keyspace;
    private final ScheduledThreadPoolExecutor executor;
    private final Failures failures;
    private final Duration timeout;
    private final Set<Listening> open = ConcurrentHashMap.newKeySet();

    RedisChangeNotifications(
            RedisClient client,
            Keyspace keyspace,
            ScheduledThreadPoolExecutor executor,
            Failures failures,
            Duration timeout) {
        this.client = client;
        this.keyspace = keyspace;
        this.executor = executor;
        this.failures = failures;
        this.timeout = timeout;
    }

    @Override
    public Subscription listen(String prefix, Listener listener) {
        Listening listening = new Listening(prefix, listener);
        open.add(listening);
        return listening;
    }

    /** Listen to another server than before. */
    void reconnect() {
        open.forEach(listening -> listening.link.reconnect());
    }

    @Override
    public void close() {
        open.forEach(Listening::close);
    }

    /**
     * One listener, its connection and its thread.
     *
     * <p>The listener is not called on the thread that reads from the connection: if it called the backend, whose answers
     * may come by the same thread, it would wait for itself.
     */
    private final class Listening implements Subscription {

        private final String prefix;
        private final Listener listener;
        private final ExecutorService caller;
        private final Link<StatefulRedisConnection<String, String>> link;
        private final ScheduledFuture<?> heartbeat;

        Listening(String prefix, Listener listener) {
            this.prefix = prefix;
            this.listener = listener;
            this.caller = Threads.scheduler("mecha-state-redis-" + failures.store());
            this.link = new Link<>(this::connect, executor, failures, timeout, this::missed).start();
            long period = timeout.toMillis();
            this.heartbeat = executor.scheduleWithFixedDelay(
                    new GuardedTask("The heartbeat of state store '%s'".formatted(failures.store()), this::beat),
                    period,
                    period,
                    TimeUnit.MILLISECONDS);
        }

        private StatefulRedisConnection<String, String> connect() {
            StatefulRedisConnection<String, String> connection = client.connect(StringCodec.UTF8);
            try {
                connection.setTimeout(timeout);
                connection.addListener(this::received);
                TrackingArgs arguments = TrackingArgs.Builder.enabled().bcast();
                connection.sync().clientTracking(arguments.prefixes(keyspace.name(prefix)));
            } catch (RuntimeException e) {
                Future<?> unused = connection.closeAsync();
                throw e;
            }
            missed();
            return connection;
        }

        private void received(PushMessage message) {
            if (!message.getType().equals(INVALIDATE)) {
                return;
            }
            List<Object> content = message.getContent(StringCodec.UTF8::decodeKey);
            if (content.size() < 2 || !(content.get(1) instanceof List<?> names)) {
                missed();
                return;
            }
            for (Object name : names) {
                String text = String.valueOf(name);
                if (keyspace.holds(text)) {
                    tell(() -> listener.changed(keyspace.key(text)));
                }
            }
        }

        private void missed() {
            tell(listener::missed);
        }

        private void tell(Runnable news) {
            caller.execute(() -> {
                try {
                    news.run();
                    Troubles.over(LISTENER);
                } catch (RuntimeException | Error e) {
                    Troubles.failed(LISTENER, e);
                }
            });
        }

        /** Notice a connection that died without a word. */
        private void beat() {
            StatefulRedisConnection<String, String> connection = link.connectionNow();
            if (connection != null) {
                Future<?> unused = connection
                        .async()
                        .ping()
                        .toCompletableFuture()
                        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .whenComplete((pong, failure) -> check(connection, failure));
            }
        }

        private void check(StatefulRedisConnection<String, String> connection, @Nullable Throwable failure) {
            if (failure != null) {
                link.drop(connection);
            }
        }

        @Override
        public void close() {
            open.remove(this);
            heartbeat.cancel(false);
            link.close();
            caller.shutdownNow();
        }
    }
}
