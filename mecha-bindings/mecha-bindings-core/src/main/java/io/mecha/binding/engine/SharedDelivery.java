// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Rejection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One message that holds several events: finished when the last of them is, and given back if one of them was.
 *
 * <p>Not a {@link Delivery}, so that it cannot be taken for the backend's own.
 */
final class SharedDelivery {

    private final Delivery whole;
    private final AtomicInteger left;
    private final AtomicReference<@Nullable Rejection> rejection = new AtomicReference<>();
    private volatile boolean released;
    private int failed;

    SharedDelivery(Delivery whole, int events) {
        this.whole = whole;
        this.left = new AtomicInteger(events);
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

    void acknowledge() {
        if (left.decrementAndGet() > 0) {
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

    void release() {
        released = true;
        acknowledge();
    }

    void reject(Rejection reason) {
        rejection.compareAndSet(null, reason);
        acknowledge();
    }
}
