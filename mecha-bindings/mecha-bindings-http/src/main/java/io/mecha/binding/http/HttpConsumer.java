// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/** One member of a group; has room for so many requests. */
final class HttpConsumer implements MessageConsumer {

    private final String group;
    private final int maxInFlight;
    private final Receiver receiver;
    private final Consumer<HttpConsumer> onClose;
    private final Set<HttpDelivery> deliveries = ConcurrentHashMap.newKeySet();
    private final AtomicInteger places = new AtomicInteger();
    // Held for reading while the receiver is called, so that closing can wait for that.
    private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();
    private volatile boolean paused;
    private volatile boolean closed;

    HttpConsumer(ConsumerRequest request, Receiver receiver, Consumer<HttpConsumer> onClose) {
        group = request.group();
        maxInFlight = request.maxInFlight();
        paused = request.paused();
        this.receiver = receiver;
        this.onClose = onClose;
    }

    String group() {
        return group;
    }

    boolean isActive() {
        return !paused && !closed;
    }

    /** Tells whether there is a place now. */
    boolean hasRoom() {
        return places.get() < maxInFlight;
    }

    /** Takes a place for one request, which {@link #hand} or {@link #giveBack} uses up. */
    boolean reserve() {
        if (places.incrementAndGet() <= maxInFlight) {
            return true;
        }
        places.decrementAndGet();
        return false;
    }

    void giveBack() {
        places.decrementAndGet();
    }

    /** Hands a request to the receiver; to nobody if this was closed meanwhile. */
    void hand(Message message, Exchange exchange) {
        HttpDelivery delivery = new HttpDelivery(message, exchange, this);
        calls.readLock().lock();
        try {
            deliveries.add(delivery);
            if (closed) {
                delivery.release();
            } else {
                receiver.receive(List.of(delivery));
            }
        } finally {
            calls.readLock().unlock();
        }
    }

    void finished(HttpDelivery delivery) {
        deliveries.remove(delivery);
        giveBack();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
    }

    @Override
    public void close() {
        onClose.accept(this);
        awaitCalls();
        deliveries.forEach(HttpDelivery::release);
    }

    private void awaitCalls() {
        if (calls.getReadHoldCount() > 0) {
            // The receiver itself closes this.
            closed = true;
            return;
        }
        calls.writeLock().lock();
        try {
            closed = true;
        } finally {
            calls.writeLock().unlock();
        }
    }
}
