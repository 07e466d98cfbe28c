// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Rejection;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** One record that was read. */
final class KafkaDelivery implements Delivery {

    private static final int OPEN = 0;
    private static final int FORWARDING = 1;
    private static final int PARKED = 2;
    private static final int DONE = 3;
    private static final int RELEASED = 4;

    private static final AtomicIntegerFieldUpdater<KafkaDelivery> STATE =
            AtomicIntegerFieldUpdater.newUpdater(KafkaDelivery.class, "state");

    private final KafkaGroupConsumer group;
    private final PartitionTracker tracker;
    private final ConsumerRecord<byte[], byte[]> record;
    private final int attempt;
    private volatile int state = OPEN;
    private volatile boolean handedOut;
    private volatile boolean untouched;
    private @Nullable Message message;

    /** What took the place of this one after it was released; guarded by the lock of the tracker. */
    private @Nullable KafkaDelivery successor;

    KafkaDelivery(
            KafkaGroupConsumer group, PartitionTracker tracker, ConsumerRecord<byte[], byte[]> record, int attempt) {
        this.group = group;
        this.tracker = tracker;
        this.record = record;
        this.attempt = attempt;
    }

    /** Make the delivery that takes the place of this one; its tracker calls it. */
    KafkaDelivery again() {
        int failed = tracker.failedAttempts(record.offset());
        int tried = untouched ? attempt - 1 : attempt;
        KafkaDelivery next = new KafkaDelivery(group, tracker, record, Math.max(tried, failed) + 1);
        successor = next;
        return next;
    }

    KafkaDelivery latest() {
        KafkaDelivery latest = this;
        while (latest.successor != null) {
            latest = latest.successor;
        }
        return latest;
    }

    KafkaGroupConsumer group() {
        return group;
    }

    PartitionTracker tracker() {
        return tracker;
    }

    long offset() {
        return record.offset();
    }

    boolean done() {
        return state == DONE || (successor != null && latest().state == DONE);
    }

    /** Tells whether a handler may work on it. */
    boolean running() {
        KafkaDelivery latest = latest();
        return latest.handedOut && latest.state < PARKED;
    }

    void handOut() {
        handedOut = true;
    }

    @Override
    public Message message() {
        Message known = message;
        if (known == null) {
            known = KafkaMessages.read(record);
            message = known; // another thread makes an equal one
        }
        return known;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean current() {
        return state < DONE && tracker.current() && group.holds();
    }

    @Override
    public void park() {
        if (STATE.compareAndSet(this, OPEN, PARKED)) {
            group.held().parked(tracker, 1);
        }
    }

    /** Lets it be finished as any other. */
    private void unpark() {
        if (STATE.compareAndSet(this, PARKED, OPEN)) {
            group.held().parked(tracker, -1);
        }
    }

    @Override
    public void acknowledge() {
        unpark();
        if (STATE.compareAndSet(this, OPEN, DONE)) {
            group.finished();
        }
    }

    @Override
    public void release() {
        group.held().release(this);
    }

    /** Ends this; {@code false} if it was ended before. */
    boolean endByRelease() {
        unpark();
        return STATE.compareAndSet(this, OPEN, RELEASED);
    }

    /** Lets this count as not handed out. */
    void untouched() {
        untouched = true;
    }

    /** Returns what orders this, or {@code null}. */
    @Nullable ByteBuffer key() {
        byte[] key = record.key();
        return key == null ? null : ByteBuffer.wrap(key);
    }

    /** Nothing in Kafka keeps what nobody can handle; that is for the engine's dead letters. */
    @Override
    public void reject(Rejection rejection) {
        acknowledge();
    }

    /** A topic that was made anew has another id, so that its records are not taken for those of the old one. */
    MessageIdentity.Identity identity() {
        long timestamp = record.timestamp();
        return new MessageIdentity.Identity(
                "%s-%d-%d-%d".formatted(tracker.topicId(), record.partition(), record.offset(), timestamp),
                "kafka:" + record.topic(),
                timestamp < 0 ? null : Instant.ofEpochMilli(timestamp));
    }

    void failed(int attempts) {
        if (state < DONE) {
            tracker.failed(record.offset(), attempts);
        }
    }

    /** Keep everybody else from finishing this. */
    boolean beginForward() {
        return STATE.compareAndSet(this, OPEN, FORWARDING);
    }

    void endForward(boolean forwarded) {
        if (STATE.compareAndSet(this, FORWARDING, forwarded ? DONE : OPEN) && forwarded) {
            group.finished();
        }
    }

    /** Tells neither headers nor body. */
    @Override
    public String toString() {
        return "%s@%d".formatted(tracker.partition(), record.offset());
    }
}
