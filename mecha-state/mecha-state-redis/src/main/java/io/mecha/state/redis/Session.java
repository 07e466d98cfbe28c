// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.mecha.MechaException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The commands over the shared connection of a backend, and their answers. */
final class Session {

    private final Link<StatefulConnection<String, StoredValue>> link;
    private final ScheduledExecutorService executor;
    private final Failures failures;
    private final Duration timeout;
    private final AtomicBoolean probing = new AtomicBoolean();

    Session(
            Link<StatefulConnection<String, StoredValue>> link,
            ScheduledExecutorService executor,
            Failures failures,
            Duration timeout) {
        this.link = link;
        this.executor = executor;
        this.failures = failures;
        this.timeout = timeout;
    }

    /**
     * Return the connection.
     *
     * @throws MechaException if there is none
     */
    StatefulConnection<String, StoredValue> connection() {
        return link.connection();
    }

    Failures failures() {
        return failures;
    }

    /** Read: send a command and wait. */
    <T> @Nullable T read(AsyncCommand<String, StoredValue, T> command, @Nullable String key) {
        StatefulConnection<String, StoredValue> connection = connection();
        dispatch(connection, command);
        return await(connection, command, false, key);
    }

    /** Send a command. A connection that another thread closes at this moment may throw whatever it stumbles over. */
    static void dispatch(
            StatefulConnection<String, StoredValue> connection, AsyncCommand<String, StoredValue, ?> command) {
        try {
            connection.dispatch(command);
        } catch (RuntimeException e) {
            if (connection.isOpen()) {
                throw e;
            }
            command.completeExceptionally(new RedisConnectionException("Connection is closed", e));
        }
    }

    /** Send commands in one flush; in a cluster, each to the node that has its key. */
    void send(
            StatefulConnection<String, StoredValue> connection,
            List<? extends AsyncCommand<String, StoredValue, ?>> commands) {
        if (commands.size() == 1 || connection instanceof StatefulRedisClusterConnection) {
            commands.forEach(command -> dispatch(connection, command));
        } else {
            connection.dispatch(commands);
        }
    }

    /** Run a script, and send its source only if the server does not know it. */
    CompletableFuture<List<@Nullable Object>> script(
            StatefulConnection<String, StoredValue> connection,
            AsyncCommand<String, StoredValue, List<@Nullable Object>> known,
            Script script,
            List<String> names,
            Consumer<CommandArgs<String, StoredValue>> arguments) {
        return known.exceptionallyCompose(failure -> {
            if (!"NOSCRIPT".equals(Failures.word(Failures.unwrap(failure)))) {
                return CompletableFuture.failedFuture(failure);
            }
            AsyncCommand<String, StoredValue, List<@Nullable Object>> source =
                    Requests.script(script, false, names, arguments);
            dispatch(connection, source);
            return source;
        });
    }

    /** Wait for an answer until the time is over. */
    <T> @Nullable T await(
            StatefulConnection<String, StoredValue> connection,
            CompletableFuture<T> answer,
            boolean write,
            @Nullable String key) {
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if ("READONLY".equals(Failures.word(Failures.unwrap(e)))) {
                link.drop(connection);
            }
            throw failures.ofCall(e, write, key);
        } catch (TimeoutException e) {
            probe(connection);
            throw failures.ofCall(e, write, key);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.ofCall(e, write, key);
        }
    }

    /** Find out whether a connection that stays silent is dead; the network may have swallowed it. */
    private void probe(StatefulConnection<String, StoredValue> connection) {
        if (connection instanceof StatefulRedisClusterConnection || !probing.compareAndSet(false, true)) {
            return;
        }
        AsyncCommand<String, StoredValue, String> ping = Requests.ping();
        dispatch(connection, ping);
        Future<?> unused = executor.schedule(
                () -> {
                    probing.set(false);
                    if (!ping.isDone()) {
                        link.drop(connection);
                    }
                },
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
