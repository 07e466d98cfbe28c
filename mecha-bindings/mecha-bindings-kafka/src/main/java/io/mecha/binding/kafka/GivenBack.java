// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.runtime.KeyCounts;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The messages that were given back and that the polling thread has not seen yet.
 *
 * <p>Where the order of keys matters, giving a message back takes back all that was handed out after it of its key, and a message that
 * is being handed out meanwhile. The key is held up before a delivery changes, and a delivery is marked as handed out before its key
 * is looked up, so that one of the two threads sees the other.
 */
final class GivenBack {

    private final Queue<KafkaDelivery> queue = new ConcurrentLinkedQueue<>();
    private final KeyCounts<ByteBuffer> keys = new KeyCounts<>();
    private final boolean ordered;
    private final Runnable each;

    /**
     * Begins without messages.
     *
     * @param ordered whether the order of keys matters
     * @param each runs after each message that was given back
     */
    GivenBack(boolean ordered, Runnable each) {
        this.ordered = ordered;
        this.each = each;
    }

    /** Gives a message back, unless it is finished. */
    void release(KafkaDelivery delivery) {
        ByteBuffer key = key(delivery);
        if (put(delivery, key) && key != null) {
            delivery.tracker().handedOutAfter(delivery).forEach(this::takeBack);
        }
    }

    /** Gives back a message that nobody has tried. */
    void takeBack(KafkaDelivery delivery) {
        delivery.untouched();
        put(delivery, key(delivery));
    }

    private boolean put(KafkaDelivery delivery, @Nullable ByteBuffer key) {
        if (key != null) {
            keys.add(key);
        }
        if (!delivery.endByRelease()) {
            free(key);
            return false;
        }
        queue.add(delivery);
        each.run();
        return true;
    }

    private @Nullable ByteBuffer key(KafkaDelivery delivery) {
        return ordered ? delivery.key() : null;
    }

    private void free(@Nullable ByteBuffer key) {
        if (key != null) {
            keys.remove(key);
        }
    }

    /** Tells whether a message of the key of a delivery was given back. */
    boolean holds(KafkaDelivery delivery) {
        ByteBuffer key = keys.isEmpty() ? null : delivery.key();
        return key != null && keys.contains(key);
    }

    /** Returns the next one, or {@code null}; the polling thread hands it out before anything newer. */
    @Nullable KafkaDelivery poll() {
        KafkaDelivery delivery = queue.poll();
        if (delivery != null) {
            free(key(delivery));
        }
        return delivery;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Forgets all. */
    void clear() {
        KafkaDelivery delivery = poll();
        while (delivery != null) {
            delivery = poll();
        }
    }
}
