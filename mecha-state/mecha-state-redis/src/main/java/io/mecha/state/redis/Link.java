// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is replaced when it is lost.
 *
 * <p>Lettuce could reconnect by itself, but then it repeats commands that were sent and not answered; a conditional write
 * that is executed twice reports a conflict with itself, and a call that was reported as failed may be executed minutes
 * later. So the connection to a single server ends when it breaks, every command on it fails at once, and the next
 * connection starts empty. (A connection to a cluster stays and refuses commands to a node that is away.)
 *
 * <p>A call while the first attempt after a loss is under way waits for it a moment; a
 * call after it failed learns so at once. More attempts follow in the background.
 *
 * @param <C> the kind of connection
 */
final class Link<C extends StatefulConnection<?, ?>> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** How long to wait for an attempt after a loss; the first attempt ever may take longer, on a cold machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Supplier<C> connector;
    private final ScheduledExecutorService executor;
    private final Failures failures;
    private final Runnable lost;
    private final AtomicReference<@Nullable C> current = new AtomicReference<>();
    private volatile CompletableFuture<C> attempt = new CompletableFuture<>();
    private volatile Duration patience;
    private volatile boolean closed;

    /** Prepare to connect. {@code patience} is for the first attempt; {@code lost} is called after a loss. */
    Link(
            Supplier<C> connector,
            ScheduledExecutorService executor,
            Failures failures,
            Duration patience,
            Runnable lost) {
        this.connector = connector;
        this.executor = executor;
        this.failures = failures;
        this.patience = patience;
        this.lost = lost;
    }

    /** Begin to connect, in the background. */
    Link<C> start() {
        executor.execute(this::connect);
        return this;
    }

    /**
     * Return the connection.
     *
     * @throws io.mecha.MechaException if there is none
     */
    C connection() {
        C connection = current.get();
        return connection == null ? awaited() : connection;
    }

    /** Return the connection, or {@code null} if there is none now. */
    @Nullable C connectionNow() {
        return current.get();
    }

    private C awaited() {
        if (closed) {
            throw failures.ofConnection(new IllegalStateException("closed"));
        }
        try {
            return attempt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw failures.ofConnection(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.ofConnection(e);
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        CompletableFuture<C> waiting = attempt;
        try {
            C connection = connector.get();
            current.set(connection);
            watch(connection);
            waiting.complete(connection);
        } catch (RuntimeException | Error e) { // whatever it was, the next attempt follows
            log.debug("No connection to Redis", e);
            waiting.completeExceptionally(e);
            if (!closed) {
                Future<?> unused = executor.schedule(this::connect, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private void watch(C connection) {
        if (!(connection instanceof StatefulRedisClusterConnection)) {
            connection.addListener(new RedisConnectionStateListener() {
                @Override
                public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                    drop(connection);
                }
            });
        }
        if (closed || !connection.isOpen()) {
            drop(connection);
        }
    }

    /** Give the connection up, if there is one, and connect anew. */
    void reconnect() {
        C connection = current.get();
        if (connection != null) {
            drop(connection);
        }
    }

    /** Give a connection up, if it is the current one, and connect anew. */
    void drop(C connection) {
        if (!current.compareAndSet(connection, null)) {
            return;
        }
        Future<?> unused = connection.closeAsync();
        if (closed) {
            return;
        }
        attempt = new CompletableFuture<>();
        patience = patience.compareTo(PATIENCE) < 0 ? patience : PATIENCE;
        lost.run();
        executor.execute(this::connect);
    }

    @Override
    public void close() {
        closed = true;
        C connection = current.getAndSet(null);
        if (connection != null) {
            connection
                    .closeAsync()
                    .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .exceptionally(failure -> null)
                    .join();
        }
        attempt.completeExceptionally(new IllegalStateException("closed"));
    }
}
