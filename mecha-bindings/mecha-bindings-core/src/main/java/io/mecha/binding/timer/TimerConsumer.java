// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.Troubles;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** A receiver of a timer channel. Its state is guarded by the group's lock. */
final class TimerConsumer implements MessageConsumer {

    private final TimerGroup group;
    private final ConsumerRequest request;
    private final Receiver receiver;
    private final ReentrantLock calling = new ReentrantLock();
    private final Set<TimerDelivery> out = new LinkedHashSet<>();
    private boolean paused;
    private volatile boolean closed;

    TimerConsumer(TimerGroup group, ConsumerRequest request, Receiver receiver) {
        this.group = group;
        this.request = request;
        this.receiver = receiver;
        this.paused = request.paused();
    }

    TimerGroup group() {
        return group;
    }

    boolean busy() {
        return !out.isEmpty();
    }

    boolean hasRoom() {
        return !paused && !closed && out.size() < request.maxInFlight();
    }

    void taken(TimerDelivery delivery) {
        out.add(delivery);
    }

    void finished(TimerDelivery delivery) {
        out.remove(delivery);
    }

    void receive(TimerDelivery delivery) {
        calling.lock();
        try {
            if (!closed) {
                receiver.receive(List.of(delivery));
            }
        } catch (RuntimeException | Error failure) {
            Troubles.failed("A receiver of a timer, whose message waits until it is closed,", failure);
        } finally {
            calling.unlock();
        }
    }

    @Override
    public void pause() {
        group.change(() -> paused = true);
    }

    @Override
    public void resume() {
        group.change(() -> paused = false);
    }

    @Override
    public void close() {
        group.change(() -> closed = true);
        calling.lock(); // waits for a call that runs, unless it is this thread's own
        try {
            group.change(() -> {
                new ArrayList<>(out).forEach((delivery) -> delivery.finish(true));
                group.leave(this);
            });
        } finally {
            calling.unlock();
        }
    }
}
