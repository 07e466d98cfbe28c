// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.DataSourceConnections;
import io.mecha.jdbc.PostgresListener;
import io.mecha.state.spi.ChangeNotifications;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pass on what {@link Announcer} says, for all listeners of a backend.
 *
 * <p>A connection is taken from the data source when the first listener comes, and kept.
 */
final class PostgresNotifications implements ChangeNotifications, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresNotifications.class);

    private final String store;
    private final PostgresListener source;
    private final List<Listening> listeners = new CopyOnWriteArrayList<>();

    PostgresNotifications(String store, DataSourceConnections connections, String channel) {
        this.store = store;
        this.source = new PostgresListener(
                "State store '" + store + "'", connections, channel, new PostgresListener.Listener() {
                    @Override
                    public void heard(String payload) {
                        payload.lines().forEach(PostgresNotifications.this::heard);
                    }

                    @Override
                    public void missed() {
                        tell(Listener::missed);
                    }
                });
    }

    /** One listener, until it is closed. */
    private static final class Listening {

        private final String prefix;
        private final Listener listener;

        Listening(String prefix, Listener listener) {
            this.prefix = prefix;
            this.listener = listener;
        }
    }

    @Override
    public Subscription listen(String prefix, Listener listener) {
        Listening listening = new Listening(prefix, listener);
        listeners.add(listening);
        source.start();
        return () -> listeners.remove(listening);
    }

    private void heard(String line) {
        if (line.equals(Announcer.MISSED)) {
            tell(Listener::missed);
            return;
        }
        for (Listening listening : listeners) {
            if (line.startsWith(listening.prefix)) {
                tell(listening, listener -> listener.changed(line));
            }
        }
    }

    private void tell(Consumer<Listener> message) {
        listeners.forEach(listening -> tell(listening, message));
    }

    private void tell(Listening listening, Consumer<Listener> message) {
        try {
            message.accept(listening.listener);
        } catch (RuntimeException e) {
            LOG.warn("A listener of state store '{}' failed; it will be told of the next change", store, e);
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
