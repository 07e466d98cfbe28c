// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.Guard;
import io.mecha.jdbc.PostgresNotifier;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The wake-up of waiting consumers: in this JVM at once, on other nodes by a notification of PostgreSQL.
 *
 * <p>A notification that is lost costs no more than the time until the next poll.
 */
final class Wakeups implements AutoCloseable {

    private static final String CHANNEL = "mecha_message";

    private final Guard<QueueSql> guard;
    private final Map<String, List<Runnable>> waiting = new ConcurrentHashMap<>();
    private final PostgresNotifier notifier;
    private final AtomicBoolean listening = new AtomicBoolean();
    private final AtomicReference<PostgresNotifier.Ending> ending = new AtomicReference<>(() -> {});

    Wakeups(DataSourceConnections connections, Guard<QueueSql> guard) {
        this.guard = guard;
        this.notifier = PostgresNotifier.share(connections);
    }

    private final class Waker implements PostgresNotifier.Listener {

        @Override
        public void heard(String line) {
            wake(line);
        }

        @Override
        public void missed() {
            waiting.values().forEach(all -> all.forEach(Runnable::run));
        }
    }

    /** Registers what is to be woken; run what is returned to end it. */
    Runnable await(String destination, Runnable waker) {
        waiting.computeIfAbsent(destination, missing -> new CopyOnWriteArrayList<>())
                .add(waker);
        return () -> waiting.computeIfPresent(destination, (name, wakers) -> {
            wakers.remove(waker);
            return wakers.isEmpty() ? null : wakers;
        });
    }

    /** Begins to hear other nodes, where the database can tell; called when the database has answered. */
    void listen() {
        if (isPostgres() && listening.compareAndSet(false, true)) {
            ending.set(notifier.listen(CHANNEL, new Waker()));
        }
    }

    /** Says that there is something new to receive. */
    void announce(String destination) {
        wake(destination);
        if (isPostgres()) {
            notifier.announce(CHANNEL, List.of(destination));
        }
    }

    private boolean isPostgres() {
        @Nullable QueueSql sql = guard.known();
        return sql != null && sql.database() == Database.POSTGRESQL;
    }

    private void wake(String destination) {
        waiting.getOrDefault(destination, List.of()).forEach(Runnable::run);
    }

    @Override
    public void close() {
        ending.getAndSet(() -> {}).end();
        notifier.close();
    }
}
