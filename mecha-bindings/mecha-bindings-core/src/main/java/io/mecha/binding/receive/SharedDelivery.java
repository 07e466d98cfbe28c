// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Rejection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One message that holds several events: finished when the last of them is, and given back if one of them was.
 *
 * <p>Not a {@link Delivery}, so that it cannot be taken for the backend's own.
 */
final class SharedDelivery {

    private final Delivery whole;
    private final AtomicReference<@Nullable Rejection> rejection = new AtomicReference<>();
    private volatile boolean released;
    private int failed; // guarded by this
    private int left; // guarded by this
    private int standing; // those left that were not put aside; guarded by this

    SharedDelivery(Delivery whole, int events) {
        this.whole = whole;
        this.left = events;
        this.standing = events;
        this.failed = whole.attempt() - 1;
    }

    Delivery whole() {
        return whole;
    }

    /** Remembers failed attempts; the event that failed most often counts. */
    synchronized void failed(AttemptMemory memory, int attempts) {
        failed = Math.max(failed, attempts);
        memory.failed(whole, failed);
    }

    /** Puts one event aside; the message, once all that is left of it is. */
    synchronized void park() {
        standing--;
        if (standing == 0) {
            whole.park();
        }
    }

    /** Ends one event; {@code true} for the last. */
    private synchronized boolean ended(boolean parked) {
        left--;
        if (!parked) {
            standing--;
            if (standing == 0 && left > 0) {
                whole.park();
            }
        }
        return left == 0;
    }

    /**
     * Finishes one event.
     *
     * @param parked whether it was put aside
     */
    void acknowledge(boolean parked) {
        if (!ended(parked)) {
            return;
        }
        Rejection reason = rejection.get();
        if (released) {
            whole.release();
        } else if (reason != null) {
            whole.reject(reason);
        } else {
            whole.acknowledge();
        }
    }

    void release(boolean parked) {
        released = true;
        acknowledge(parked);
    }

    void reject(Rejection reason, boolean parked) {
        rejection.compareAndSet(null, reason);
        acknowledge(parked);
    }
}
