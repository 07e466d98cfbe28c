// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One message that holds several events: finished when the last of them is, and given back if one of them was. */
final class SharedDelivery implements Delivery {

    private final Delivery whole;
    private final AtomicInteger left;
    private final AtomicReference<@Nullable Rejection> rejection = new AtomicReference<>();
    private volatile boolean released;

    SharedDelivery(Delivery whole, int events) {
        this.whole = whole;
        this.left = new AtomicInteger(events);
    }

    @Override
    public Message message() {
        return whole.message();
    }

    @Override
    public int attempt() {
        return whole.attempt();
    }

    @Override
    public boolean current() {
        return whole.current();
    }

    @Override
    public void acknowledge() {
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

    @Override
    public void release() {
        released = true;
        acknowledge();
    }

    @Override
    public void reject(Rejection reason) {
        rejection.compareAndSet(null, reason);
        acknowledge();
    }
}
