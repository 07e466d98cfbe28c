// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.Message;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A queue of messages of any number of senders for one reader at a time, without a lock.
 *
 * <p>Senders swap the tail and then link it, so that a message is taken with one atomic operation and no memory but its own. The
 * reader, who holds the group's lock, may find a tail whose link is not there yet; it waits the few instructions until it is.
 *
 * <p>Source: Dmitry Vyukov, "Non-intrusive MPSC node-based queue", 2010.
 */
final class Inbox {

    private final AtomicReference<Queued> tail;
    private Queued head;

    Inbox() {
        head = new Queued(Message.received(null, null, Map.of(), Map.of(), null), null, null);
        tail = new AtomicReference<>(head);
    }

    void add(Queued queued) {
        tail.getAndSet(queued).next = queued;
    }

    /** Takes the oldest message; under the group's lock. */
    @Nullable Queued poll() {
        Queued next = head.next;
        if (next == null) {
            if (isEmpty()) {
                return null;
            }
            do {
                Thread.onSpinWait();
                next = head.next;
            } while (next == null);
        }
        head.next = null; // or a message that is never finished would keep all later ones from the garbage collector
        head = next;
        return next;
    }

    /** Tells whether nothing waits; under the group's lock. */
    boolean isEmpty() {
        return tail.get() == head;
    }
}
