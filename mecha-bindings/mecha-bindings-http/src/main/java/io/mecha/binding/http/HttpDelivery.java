// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import io.mecha.binding.spi.ReplyingDelivery;
import java.util.concurrent.atomic.AtomicBoolean;

/** A request as one group sees it. */
final class HttpDelivery implements ReplyingDelivery {

    private final Message message;
    private final Exchange exchange;
    private final HttpConsumer consumer;
    private final AtomicBoolean finished = new AtomicBoolean();

    HttpDelivery(Message message, Exchange exchange, HttpConsumer consumer) {
        this.message = message;
        this.exchange = exchange;
        this.consumer = consumer;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public boolean current() {
        if (!finished.get() && !exchange.isOpen()) {
            release(); // the sender has gone, and nobody finishes what is not current: the place is free
        }
        return !finished.get();
    }

    @Override
    public void acknowledge() {
        finish(Reply.HANDLED);
    }

    @Override
    public void release() {
        finish(Reply.RELEASED);
    }

    @Override
    public void reject(Rejection rejection) {
        finish(
                switch (rejection) {
                    case UNREADABLE -> Reply.UNREADABLE;
                    case REFUSED -> Reply.REFUSED;
                    case FAILED -> Reply.FAILED;
                });
    }

    /** Nobody keeps a request: its sender learns that it was not handled, and may try again. */
    @Override
    public void park() {
        release();
    }

    @Override
    public void reply(Message reply) {
        finish(Reply.of(reply));
    }

    private void finish(Reply outcome) {
        if (finished.compareAndSet(false, true)) {
            consumer.finished(this);
            exchange.finish(outcome);
        }
    }
}
