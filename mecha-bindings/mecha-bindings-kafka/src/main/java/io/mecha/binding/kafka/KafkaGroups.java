// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.Groups;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The positions of groups, through the admin client. */
final class KafkaGroups implements Groups {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaGroups.class);

    /** Longest wait for the answers to one question of a gauge or an endpoint, all of them together. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final KafkaCluster cluster;
    private final String channel;
    private final Topics topics;

    KafkaGroups(KafkaCluster cluster, String channel, Topics topics) {
        this.cluster = cluster;
        this.channel = channel;
        this.topics = topics;
    }

    @Override
    public void declare(String group, Ordering ordering) {
        try {
            topics.prepare(KafkaCluster.PATIENCE);
            place(group, StartAt.EARLIEST);
        } catch (KafkaException | IllegalStateException e) {
            throw Failures.other(channel, "declaring group '%s'".formatted(group), e);
        }
    }

    /**
     * Say where a group begins in the partitions in which it has no place yet: in all of them, or with {@link StartAt#LATEST} only if
     * it has none at all, since a partition that was added is read from its beginning.
     *
     * @return places that only a member can take, because the group has members, maybe in other topics only
     * @throws KafkaException if the broker did not do it
     */
    Map<TopicPartition, OffsetAndMetadata> place(String group, StartAt startAt) {
        List<TopicPartition> partitions = topics.partitions(KafkaCluster.PATIENCE);
        Map<TopicPartition, OffsetAndMetadata> known = committed(group, KafkaCluster.PATIENCE);
        List<TopicPartition> missing = partitions.stream()
                .filter(partition -> known.get(partition) == null)
                .toList();
        if (missing.isEmpty() || (startAt == StartAt.LATEST && missing.size() < partitions.size())) {
            return Map.of();
        }
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
        OffsetSpec where = startAt == StartAt.EARLIEST ? OffsetSpec.earliest() : OffsetSpec.latest();
        offsets(missing, where, KafkaCluster.PATIENCE)
                .forEach((partition, offset) -> places.put(partition, new OffsetAndMetadata(offset)));
        try {
            KafkaCluster.await(
                    cluster.admin().alterConsumerGroupOffsets(group, places).all(), KafkaCluster.PATIENCE);
            return Map.of();
        } catch (UnknownMemberIdException | GroupNotEmptyException e) {
            LOGGER.debug("Group '{}' has members, so that its offsets are not changed", group, e);
            return places;
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group, Duration patience) {
        try {
            return KafkaCluster.await(
                    cluster.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), patience);
        } catch (GroupIdNotFoundException e) {
            return Map.of();
        }
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec where, Duration patience) {
        Admin admin = cluster.admin();
        IsolationLevel level = cluster.isolation().equalsIgnoreCase("read_committed")
                ? IsolationLevel.READ_COMMITTED
                : IsolationLevel.READ_UNCOMMITTED;
        Map<TopicPartition, OffsetSpec> request =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> where));
        Map<TopicPartition, ListOffsetsResultInfo> answer = KafkaCluster.await(
                admin.listOffsets(request, new ListOffsetsOptions(level)).all(), patience);
        return answer.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    @Override
    public OptionalLong lag(String group) {
        try {
            long deadline = System.nanoTime() + LOOK.toNanos();
            Map<TopicPartition, OffsetAndMetadata> known = committed(group, LOOK);
            List<TopicPartition> partitions = topics.partitions(Topic.left(deadline));
            // A group that has a place in other topics only, such as that of a dead letter, begins here with the
            // oldest.
            if (known.isEmpty()) {
                return OptionalLong.empty();
            }
            Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest(), Topic.left(deadline));
            Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest(), Topic.left(deadline));
            return OptionalLong.of(partitions.stream()
                    .mapToLong(partition -> Progress.decode(known.get(partition), begins.getOrDefault(partition, 0L))
                            .lag(ends.getOrDefault(partition, 0L)))
                    .sum());
        } catch (KafkaException | IllegalStateException e) {
            throw Failures.other(channel, "counting the unhandled messages of group '%s'".formatted(group), e);
        }
    }

    /** Forget a group that nobody will use again. */
    void delete(String group) {
        try {
            KafkaCluster.await(
                    cluster.admin().deleteConsumerGroups(List.of(group)).all(), KafkaCluster.PATIENCE);
        } catch (KafkaException | IllegalStateException e) {
            LOGGER.debug("Group '{}' is left to expire", group, e);
        }
    }
}
