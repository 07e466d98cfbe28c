// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.SendException;
import io.mecha.runtime.Ids;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactions of one group, which acknowledge deliveries and send other messages in one step.
 *
 * <p>Every commit of offsets of the consumer goes through here from the first forward on, one after the other, so that an older one
 * never arrives after a newer one. Because what is done above the watermark is part of what is committed, deliveries may be
 * forwarded in any order. Forwards that wait at the same time share a transaction.
 *
 * <p>The broker refuses a transaction of a member that is not in the group's present generation [1]. Membership is read before it is
 * checked that the partition is ours: a membership newer than the loss of the partition shows that loss.
 *
 * <p>Nobody knows what became of a transaction whose commit was not answered. Then the consumer begins anew: the next producer with
 * the same transactional id ends that transaction, and the broker tells offsets only when it has ended.
 *
 * @implNote [1] KIP-447, Producer scalability for exactly once semantics.
 */
final class Transactions {

    private static final Logger LOGGER = LoggerFactory.getLogger(Transactions.class);

    private static final int MOST_AT_ONCE = 100;
    private static final int MEMBERSHIP_ATTEMPTS = 25;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final KafkaGroupConsumer group;
    private final KafkaBackend backend;
    private final OffsetCommits commits;
    private final ReentrantLock lock;
    private final String transactionalId;
    private final Readiness readiness;
    private final Queue<Forward> waiting = new ConcurrentLinkedQueue<>();
    private @Nullable Producer<byte[], byte[]> producer;
    private volatile boolean active;

    Transactions(KafkaGroupConsumer group, KafkaBackend backend, OffsetCommits commits) {
        this.group = group;
        this.backend = backend;
        this.commits = commits;
        this.lock = commits.lock();
        this.readiness = new Readiness(backend, group.group());
        this.transactionalId =
                "%s-%s-%s-%s".formatted(backend.application(), backend.channel(), group.group(), Ids.random());
    }

    /** A forward that one caller asks for. */
    private static final class Forward {

        final KafkaDelivery delivery;
        final List<ProducerRecord<byte[], byte[]>> records;
        boolean done;

        @Nullable SendException failure;

        Forward(KafkaDelivery delivery, List<ProducerRecord<byte[], byte[]>> records) {
            this.delivery = delivery;
            this.records = records;
        }
    }

    /** Tell whether commits go through transactions. */
    boolean active() {
        return active;
    }

    /**
     * Tell whether the broker has transactions ready; asks it before the first.
     *
     * @throws SendException if it cannot be reached
     */
    boolean ready() {
        if (active || backend.transactions() == TransactionUse.ALWAYS) {
            return true;
        }
        lock.lock();
        try {
            if (active) {
                return true;
            }
            if (readiness.absent()) {
                return false;
            }
            Producer<byte[], byte[]> unused = producer();
            return true;
        } catch (KafkaException e) {
            discard();
            readiness.failed(e);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Acknowledge {@code delivery} and send {@code records}, both or neither. */
    void forward(KafkaDelivery delivery, List<ProducerRecord<byte[], byte[]>> records) {
        if (!delivery.beginForward()) {
            throw notOurs(null);
        }
        if (!activate()) {
            delivery.endForward(false);
            throw SendException.unreachable(backend.channel(), Failures.TYPE, null);
        }
        Forward forward = new Forward(delivery, records);
        waiting.add(forward);
        lock.lock();
        try {
            while (!forward.done) {
                run(next());
            }
        } finally {
            lock.unlock();
        }
        if (forward.failure != null) {
            throw forward.failure;
        }
    }

    /** From now on commit here only; wait, without the lock, until what the consumer committed has arrived. */
    private boolean activate() {
        if (!active) {
            lock.lock();
            try {
                active = true;
            } finally {
                lock.unlock();
            }
        }
        long deadline = System.nanoTime() + KafkaCluster.PATIENCE.toNanos();
        while (commits.sending()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return true;
    }

    private List<Forward> next() {
        List<Forward> batch = new ArrayList<>();
        Forward forward = waiting.poll();
        while (forward != null) {
            batch.add(forward);
            forward = batch.size() < MOST_AT_ONCE ? waiting.poll() : null;
        }
        return batch;
    }

    private void run(List<Forward> batch) {
        SendException failure = attempt(batch);
        if (failure != null && batch.size() > 1 && !failure.mayHaveHappened()) {
            for (Forward forward : batch) { // one may have spoilt it for the others
                finish(List.of(forward), attempt(List.of(forward)));
            }
            return;
        }
        finish(batch, failure);
    }

    private static void finish(List<Forward> batch, @Nullable SendException failure) {
        for (Forward forward : batch) {
            forward.failure = failure;
            forward.done = true;
            forward.delivery.endForward(failure == null);
        }
    }

    private @Nullable SendException attempt(List<Forward> batch) {
        Map<PartitionTracker, List<KafkaDelivery>> deliveries = new HashMap<>();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Forward forward : batch) {
            deliveries
                    .computeIfAbsent(forward.delivery.tracker(), tracker -> new ArrayList<>())
                    .add(forward.delivery);
            records.addAll(forward.records);
        }
        SendException failure = null;
        for (int i = 0; i < MEMBERSHIP_ATTEMPTS; i++) {
            try {
                transact(deliveries, records);
                return null;
            } catch (StaleMembership e) {
                failure = notOurs(e.getCause());
                LockSupport.parkNanos(PAUSE.toNanos()); // until the polling thread has the present one
            } catch (SendException e) {
                return e;
            } catch (RuntimeException e) { // whatever it was, those who wait must know
                discard();
                return Failures.sending(backend.channel(), KafkaCluster.PATIENCE, false, e);
            }
        }
        return failure;
    }

    private void transact(
            Map<PartitionTracker, List<KafkaDelivery>> deliveries, List<ProducerRecord<byte[], byte[]>> records) {
        ConsumerGroupMetadata membership = group.membership();
        if (membership == null || group.closed() || group.uncertain()) {
            throw notOurs(null);
        }
        Map<PartitionTracker, Progress> progress = new HashMap<>();
        deliveries.forEach((tracker, done) -> progress.put(tracker, progress(tracker, done)));
        Producer<byte[], byte[]> sender = producer();
        sender.beginTransaction();
        try {
            for (ProducerRecord<byte[], byte[]> record : records) {
                Future<?> unused = sender.send(record); // what fails fails the transaction
            }
            offsets(sender, progress, membership);
        } catch (KafkaException | IllegalStateException e) {
            abort(sender);
            throw e;
        }
        end(sender);
        progress.forEach(PartitionTracker::committed);
    }

    private Progress progress(PartitionTracker tracker, Collection<KafkaDelivery> done) {
        if (!tracker.owned()) {
            throw notOurs(null);
        }
        Progress progress = tracker.progress(done);
        for (KafkaDelivery delivery : done) {
            long above = delivery.offset() - progress.next();
            if (above >= Progress.SPAN || (above >= 0 && commits.plain())) {
                throw SendException.refused(
                        backend.channel(), Failures.TYPE, "too many earlier messages are not handled yet", null);
            }
        }
        return progress;
    }

    private void offsets(
            Producer<byte[], byte[]> sender,
            Map<PartitionTracker, Progress> progress,
            ConsumerGroupMetadata membership) {
        try {
            sender.sendOffsetsToTransaction(commits.offsets(progress), membership);
        } catch (org.apache.kafka.clients.consumer.CommitFailedException e) {
            throw new StaleMembership(e);
        }
    }

    private void abort(Producer<byte[], byte[]> sender) {
        try {
            sender.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            LOGGER.debug("The transaction was not aborted; the broker does it when its time is up", e);
            discard();
        }
    }

    private void end(Producer<byte[], byte[]> sender) {
        try {
            sender.commitTransaction();
        } catch (TimeoutException | InterruptException e) {
            discard();
            group.doubt();
            throw SendException.unconfirmed(backend.channel(), Failures.TYPE, e);
        } catch (KafkaException e) {
            abort(sender);
            throw Failures.sending(
                    backend.channel(),
                    KafkaCluster.PATIENCE,
                    false,
                    e.getCause() instanceof KafkaException cause ? cause : e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> known = producer;
        if (known == null) {
            known = backend.cluster().transactionalProducer(backend.application(), transactionalId);
            producer = known;
            known.initTransactions();
        }
        return known;
    }

    private void discard() {
        Producer<byte[], byte[]> broken = producer;
        producer = null;
        if (broken != null) {
            broken.close(Duration.ZERO);
        }
    }

    /**
     * Commit offsets only; called by the polling thread with the lock held. What fails is committed with the next.
     *
     * @return {@code false} if the broker does not know the member as whom it was sent
     */
    boolean commit(Map<PartitionTracker, Progress> news) {
        group.renewMembership();
        ConsumerGroupMetadata membership = group.membership();
        if (membership == null || group.uncertain()) {
            return true;
        }
        try {
            Producer<byte[], byte[]> sender = producer();
            sender.beginTransaction();
            try {
                offsets(sender, news, membership);
            } catch (KafkaException e) {
                abort(sender);
                throw e;
            }
            end(sender);
            news.forEach(PartitionTracker::committed);
        } catch (StaleMembership e) {
            LOGGER.debug("Offsets were not committed; they are with the next commit", e);
            return false;
        } catch (SendException e) {
            LOGGER.debug("Offsets were not committed; they are with the next commit", e);
        } catch (KafkaException | IllegalStateException e) {
            LOGGER.debug("Offsets were not committed; they are with the next commit", e);
        }
        return true;
    }

    private SendException notOurs(@Nullable Throwable cause) {
        return notOurs(backend.channel(), cause);
    }

    static SendException notOurs(String channel, @Nullable Throwable cause) {
        return SendException.refused(
                channel,
                Failures.TYPE,
                "the message that it results from is held by another member of the group now",
                cause);
    }

    void close() {
        lock.lock();
        try {
            discard();
        } finally {
            lock.unlock();
        }
    }

    /** The broker does not know us as the member that we were. */
    private static final class StaleMembership extends KafkaException {

        private static final long serialVersionUID = 1L;

        StaleMembership(Throwable cause) {
            super(cause);
        }
    }
}
