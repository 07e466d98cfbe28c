// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions that are ours; used by the polling thread. */
final class Assignment implements ConsumerRebalanceListener {

    private static final Logger LOGGER = LoggerFactory.getLogger(Assignment.class);

    /** Where a member crashed within a transaction, the broker tells offsets when the time of the transaction is up. */
    private static final Duration STABLE = KafkaCluster.PATIENCE.multipliedBy(3);

    private final KafkaGroupConsumer group;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, OffsetAndMetadata> begins;
    private final AsideBound asideBound;
    private final Duration patience;
    private final Map<TopicPartition, PartitionTracker> trackers = new HashMap<>();

    /**
     * Begin without partitions.
     *
     * @param begins where to begin in partitions in which the group has no place, instead of with the oldest; loses those in which
     *     it has one
     * @param asideBound what stops a partition of which much is put aside
     * @param patience how long handlers may go on with what they do when a partition goes
     */
    Assignment(
            KafkaGroupConsumer group,
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, OffsetAndMetadata> begins,
            AsideBound asideBound,
            Duration patience) {
        this.group = group;
        this.consumer = consumer;
        this.begins = begins;
        this.asideBound = asideBound;
        this.patience = patience;
    }

    Collection<PartitionTracker> trackers() {
        return trackers.values();
    }

    @Nullable PartitionTracker tracker(TopicPartition partition) {
        return trackers.get(partition);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        try {
            assign(partitions);
        } catch (WakeupException e) {
            if (!group.closed()) {
                throw e;
            }
            LOGGER.debug("Closed while {} were assigned", partitions, e); // or the client would log an error
        }
    }

    private void assign(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> committed =
                undisturbed(() -> consumer.committed(new HashSet<>(partitions), STABLE));
        Map<String, String> topicIds = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata known = committed.get(partition);
            if (known != null) {
                begins.remove(partition);
            } else if (begins.containsKey(partition)) {
                consumer.seek(partition, begins.get(partition));
            }
            long position = undisturbed(() -> consumer.position(partition, KafkaCluster.PATIENCE));
            Progress progress = Progress.decode(known, position);
            if (position > progress.next()) {
                progress = Progress.at(position); // what was committed is not kept any more
                known = null;
            }
            String topicId = topicIds.computeIfAbsent(partition.topic(), group::topicId);
            trackers.put(partition, new PartitionTracker(partition, topicId, progress, known != null));
        }
        LOGGER.debug("Assigned {}", partitions);
    }

    /** Ask although somebody wakes the thread: what is new is looked at after the poll. */
    private <T> T undisturbed(Supplier<T> question) {
        while (true) {
            try {
                return question.get();
            } catch (WakeupException e) {
                if (group.closed()) {
                    throw e;
                }
            }
        }
    }

    /** Wait for handlers that run, a while, so that the next owner does not do what they do once more. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        List<PartitionTracker> going =
                partitions.stream().map(trackers::get).filter(Objects::nonNull).toList();
        going.forEach(PartitionTracker::revoke);
        group.renewMembership(); // or results of handlers that are waited for would be refused
        group.held().forget(going);
        if (!group.closed()) {
            group.awaitIdle(going, patience);
            group.commitNow(going);
        }
        drop(going);
        LOGGER.debug("Revoked {}", partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        List<PartitionTracker> gone =
                partitions.stream().map(trackers::get).filter(Objects::nonNull).toList();
        drop(gone);
        group.held().forget(gone);
        LOGGER.debug("Lost {}", partitions);
    }

    private void drop(Collection<PartitionTracker> gone) {
        for (PartitionTracker tracker : gone) {
            tracker.lose();
            trackers.remove(tracker.partition());
        }
    }

    /** Give everything up at once. */
    void abandon() {
        drop(List.copyOf(trackers.values()));
    }

    /** Let records flow, or hold them back; partitions far ahead of their watermark, or with much put aside, are held back anyway. */
    void flow(boolean open) {
        Set<TopicPartition> held = consumer.paused();
        Set<TopicPartition> hold = new HashSet<>();
        Set<TopicPartition> free = new HashSet<>();
        for (PartitionTracker tracker : trackers.values()) {
            boolean stops = asideBound.isReached(tracker);
            boolean stop = !open || stops || tracker.full();
            if (stop != held.contains(tracker.partition())) {
                if (stops) {
                    asideBound.warn(tracker);
                }
                (stop ? hold : free).add(tracker.partition());
            }
        }
        if (!hold.isEmpty()) {
            consumer.pause(hold);
        }
        if (!free.isEmpty()) {
            consumer.resume(free);
        }
    }

    /** Pass over what is no message, such as the marks of transactions, where everything is done. */
    void passMarks() {
        for (PartitionTracker tracker : trackers.values()) {
            if (tracker.idle()) {
                tracker.reached(undisturbed(() -> consumer.position(tracker.partition(), KafkaCluster.PATIENCE)));
            }
        }
    }
}
