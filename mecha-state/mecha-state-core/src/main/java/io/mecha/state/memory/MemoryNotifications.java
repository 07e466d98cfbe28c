// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.runtime.BorrowedThreads;
import io.mecha.runtime.Troubles;
import io.mecha.state.spi.ChangeNotifications;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The notifications of listeners, one after the other, on a borrowed thread, so that writers never wait for listeners.
 */
final class MemoryNotifications implements ChangeNotifications {

    private static final String LISTENER = "A listener for changes of keys in memory";

    private final List<Listening> listenings = new CopyOnWriteArrayList<>();
    private final Queue<String> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger untold = new AtomicInteger();

    @Override
    public Subscription listen(String prefix, Listener listener) {
        Listening listening = new Listening(prefix, listener);
        listenings.add(listening);
        return listening;
    }

    /** Pass on that a key changed; costs next to nothing while nobody listens. */
    void changed(String key) {
        if (listenings.isEmpty()) {
            return;
        }
        changes.add(key);
        if (untold.getAndIncrement() == 0) {
            BorrowedThreads.run(this::tell);
        }
    }

    void close() {
        listenings.forEach(Listening::close);
    }

    /** Run on one thread at a time: the thread that raises the count from zero starts it, and it ends when the count is back there. */
    private void tell() {
        do {
            String key = changes.remove();
            listenings.forEach(listening -> listening.tell(key));
        } while (untold.decrementAndGet() > 0);
    }

    /** One listener, once for each time it was registered. */
    private final class Listening implements Subscription {

        private final String prefix;
        private final Listener listener;
        private volatile boolean closed;

        Listening(String prefix, Listener listener) {
            this.prefix = prefix;
            this.listener = listener;
        }

        void tell(String key) {
            if (closed || !key.startsWith(prefix)) {
                return;
            }
            try {
                listener.changed(key);
                Troubles.over(LISTENER);
            } catch (RuntimeException failure) { // allow CatchException: the writer is not to blame
                Troubles.failed(LISTENER, failure);
            }
        }

        @Override
        public void close() {
            closed = true;
            listenings.remove(this);
        }
    }
}
