// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A message that the broker waits to hear of. It forgets what it handed out when the AMQP channel ends. */
final class RabbitDelivery implements Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(RabbitDelivery.class);

    private final ReceiveSession session;
    private final long tag;
    private final Received received;
    private final byte[] body;
    private final Message message;
    private final int attempt;
    private final AtomicBoolean finished = new AtomicBoolean();

    RabbitDelivery(ReceiveSession session, long tag, Received received, byte[] body, int attempt) {
        this.session = session;
        this.tag = tag;
        this.received = received;
        this.body = body;
        this.message = WireFormat.message(received.routingKey(), received.properties(), body);
        this.attempt = attempt;
    }

    long tag() {
        return tag;
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
        return !finished.get() && session.isOpen();
    }

    @Override
    public void acknowledge() {
        finish(() -> session.channel().basicAck(tag, false));
    }

    /** A quorum queue puts what it gets back behind what waits, so where the order matters the message stays here. */
    @Override
    public void release() {
        finish(() -> {
            if (session.isOrdered()) {
                session.again(new RabbitDelivery(session, tag, received, body, attempt + 1));
            } else {
                session.channel().basicNack(tag, false, true);
            }
        });
    }

    @Override
    public void reject(Rejection rejection) {
        finish(() -> session.channel().basicReject(tag, false));
    }

    /** Takes no place, or the broker would send nothing more once they are all taken. */
    @Override
    public void park() {
        if (finished.compareAndSet(false, true)) {
            session.putAside(this);
        }
    }

    /** The broker keeps a copy that was put aside. */
    void moved() {
        end(() -> session.channel().basicAck(tag, false));
    }

    /** Goes back in time, or the broker would close the channel, and with it everything that is handed out. */
    void giveBack() {
        end(() -> session.channel().basicNack(tag, false, true));
    }

    boolean isOpen() {
        return session.isOpen();
    }

    Received received() {
        return received;
    }

    byte[] body() {
        return body;
    }

    private void finish(Step step) {
        if (finished.compareAndSet(false, true)) {
            end(step);
        }
    }

    private void end(Step step) {
        session.finished();
        try {
            step.run();
        } catch (IOException | AlreadyClosedException e) {
            LOG.debug("RabbitMQ did not get the acknowledgement of a message and will deliver it again", e);
        }
    }

    /** An answer to the broker. */
    private interface Step {

        void run() throws IOException;
    }
}
