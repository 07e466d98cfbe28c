// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commits of a consumer's progress; used by the polling thread.
 *
 * <p>A commit that fails is made again with the next one: the broker only ever knows less than what is done. Once the consumer
 * forwards, every commit goes through its transactions, so that none overtakes another.
 *
 * <p>A member that stood still commits nothing: the client of the consumer protocol has left the group by then, but goes on to commit
 * without an epoch, and the broker takes that for the commit of an administrator as soon as the group is empty. It would put the
 * group back to where this member stopped, whatever others have handled since.
 */
final class OffsetCommits {

    static final Duration INTERVAL = Duration.ofMillis(100);

    private static final int EPOCH_ATTEMPTS = 25;
    private static final Duration EPOCH_PAUSE = Duration.ofMillis(20);

    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetCommits.class);

    private final BooleanSupplier holds;

    /** Held while offsets are committed in whatever way, and when the way changes. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile boolean sending;
    private volatile boolean plain;
    private boolean quiet;
    private long last;

    /**
     * Begin without commits.
     *
     * @param holds whether the partitions are still ours, as far as time tells
     */
    OffsetCommits(BooleanSupplier holds) {
        this.holds = holds;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Tell whether a commit is on its way whose answer has not come. */
    boolean sending() {
        return sending;
    }

    boolean due() {
        return System.nanoTime() - last >= INTERVAL.toNanos();
    }

    /** Tell whether everything that is done is committed, as far as we know. */
    boolean quiet() {
        return quiet && !sending;
    }

    /** Something was read, so that there will be something to commit. */
    void stir() {
        quiet = false;
    }

    /** Send a commit, unless there is no news, or one is on its way. */
    void send(Consumer<byte[], byte[]> consumer, Transactions transactions, Collection<PartitionTracker> trackers) {
        if (sending || !due() || !lock.tryLock()) {
            return;
        }
        try {
            last = System.nanoTime();
            Map<PartitionTracker, Progress> news = news(trackers);
            quiet = news.isEmpty();
            if (quiet) {
                return;
            }
            if (transactions.active()) {
                transactions.commit(news);
                return;
            }
            sending = true;
            consumer.commitAsync(offsets(news), (offsets, failure) -> {
                sending = false;
                if (failure == null) {
                    news.forEach(PartitionTracker::committed);
                } else {
                    failed(failure);
                }
            });
        } finally {
            lock.unlock();
        }
    }

    /**
     * Commit and wait for the answer, because the partitions go.
     *
     * <p>Where the broker has a newer epoch of this member than the client sent, as while others join or leave, the commit is made again
     * once the client has learnt it. A member that the group has put out learns none, and does not commit again.
     */
    void finish(
            Consumer<byte[], byte[]> consumer,
            Transactions transactions,
            Collection<PartitionTracker> trackers,
            Duration patience) {
        lock.lock();
        try {
            long deadline = System.nanoTime() + patience.toNanos();
            Map<PartitionTracker, Progress> news = news(trackers);
            int epoch = consumer.groupMetadata().generationId();
            while (!news.isEmpty()
                    && !commit(consumer, transactions, news, deadline)
                    && learns(consumer, epoch, deadline)) {
                epoch = consumer.groupMetadata().generationId();
                news = news(trackers);
            }
        } catch (KafkaException e) {
            LOGGER.debug("Offsets were not committed; messages handled since the last commit are delivered again", e);
        } finally {
            lock.unlock();
        }
    }

    /** Commit; {@code false} if the broker does not know the member by the epoch that was sent. */
    private boolean commit(
            Consumer<byte[], byte[]> consumer,
            Transactions transactions,
            Map<PartitionTracker, Progress> news,
            long deadline) {
        try {
            if (transactions.active()) {
                if (sending) {
                    commit(consumer, Map.of(), deadline); // waits for what is on its way
                }
                return transactions.commit(news);
            }
            try {
                commit(consumer, offsets(news), deadline);
            } catch (OffsetMetadataTooLarge e) {
                failed(e);
                commit(consumer, offsets(news), deadline);
            }
            return true;
        } catch (CommitFailedException e) {
            LOGGER.debug("The group has another epoch of this member, or does not know it any more", e);
            return false;
        }
    }

    private static void commit(
            Consumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> offsets, long deadline) {
        while (true) {
            try {
                consumer.commitSync(offsets, Topic.left(deadline));
                return;
            } catch (WakeupException e) { // meant for the poll before or after
                if (System.nanoTime() - deadline >= 0) {
                    throw e;
                }
            }
        }
    }

    /** Wait a moment until the client knows a newer epoch, which comes with the answer to its heartbeat. */
    private static boolean learns(Consumer<byte[], byte[]> consumer, int epoch, long deadline) {
        for (int i = 0; i < EPOCH_ATTEMPTS && System.nanoTime() - deadline < 0; i++) {
            if (consumer.groupMetadata().generationId() > epoch) {
                return true;
            }
            LockSupport.parkNanos(EPOCH_PAUSE.toNanos());
        }
        return false;
    }

    private void failed(Exception failure) {
        if (failure instanceof OffsetMetadataTooLarge && !plain) {
            plain = true;
            LOGGER.warn(
                    "The broker's offset.metadata.max.bytes is too small for the progress of a group: after a crash more messages"
                            + " arrive twice, and failed attempts do not count. Raise it to 4096 or more.");
        }
        LOGGER.debug("Offsets were not committed; they are with the next commit", failure);
    }

    private Map<PartitionTracker, Progress> news(Collection<PartitionTracker> trackers) {
        if (!holds.getAsBoolean()) {
            return Map.of();
        }
        Map<PartitionTracker, Progress> news = new HashMap<>();
        for (PartitionTracker tracker : trackers) {
            Progress progress = tracker.owned() ? tracker.news() : null;
            if (progress != null) {
                news.put(tracker, progress);
            }
        }
        return news;
    }

    /** Return what to commit, in Kafka's form. */
    Map<TopicPartition, OffsetAndMetadata> offsets(Map<PartitionTracker, Progress> progress) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        progress.forEach((tracker, how) ->
                offsets.put(tracker.partition(), plain ? new OffsetAndMetadata(how.next()) : how.encode()));
        return offsets;
    }

    /** Tell whether the broker keeps only the watermark. */
    boolean plain() {
        return plain;
    }
}
