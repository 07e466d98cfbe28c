// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;

/** One run in the hands of one consumer. */
final class TimerDelivery implements Delivery {

    private final TimerConsumer consumer;
    private final Message message;
    private final int attempt;
    private volatile boolean finished;

    TimerDelivery(TimerConsumer consumer, Message message, int attempt) {
        this.consumer = consumer;
        this.message = message;
        this.attempt = attempt;
    }

    TimerConsumer consumer() {
        return consumer;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean current() {
        return !finished;
    }

    @Override
    public void acknowledge() {
        finish(false);
    }

    @Override
    public void release() {
        finish(true);
    }

    @Override
    public void reject(Rejection rejection) {
        finish(false);
    }

    /** A timer keeps no messages: the run is over, so that the next one comes at its time. */
    @Override
    public void park() {
        finish(false);
    }

    /** Ends the delivery; takes the group's lock. */
    void finish(boolean again) {
        consumer.group().change(() -> {
            if (!finished) {
                finished = true;
                consumer.finished(this);
                if (again) {
                    consumer.group().giveBack(this);
                }
            }
        });
    }
}
