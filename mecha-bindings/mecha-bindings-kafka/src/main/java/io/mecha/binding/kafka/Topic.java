// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.PropertyNames;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic of a channel, which is created when it is first used. */
final class Topic {

    private static final Logger LOGGER = LoggerFactory.getLogger(Topic.class);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Supplier<Admin> admin;
    private final String channel;
    private final String name;
    private final TopicCreation creation;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean ready;

    Topic(Supplier<Admin> admin, String channel, String name, TopicCreation creation) {
        this.admin = admin;
        this.channel = channel;
        this.name = name;
        this.creation = creation;
        this.ready = !creation.enabled();
    }

    String name() {
        return name;
    }

    /**
     * Make sure that the topic exists and that its partitions are known, if we may.
     *
     * @throws KafkaException if the server did not answer
     */
    void prepare(Duration patience) {
        if (ready) {
            return;
        }
        try {
            if (!lock.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TimeoutException("Another thread waits for the broker");
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        try {
            if (!ready) {
                create(patience);
                ready = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private void create(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        if (!partitions(patience).isEmpty()) {
            return;
        }
        NewTopic topic = new NewTopic(
                        name, Optional.ofNullable(creation.partitions()), Optional.ofNullable(creation.replicas()))
                .configs(creation.configs());
        try {
            KafkaCluster.await(admin.get().createTopics(List.of(topic)).all(), left(deadline));
        } catch (TopicExistsException e) {
            LOGGER.debug("Topic '{}' was made meanwhile", name, e);
        } catch (KafkaException e) {
            if (settled(e)) {
                return;
            }
            throw e;
        }
        awaitPartitions(deadline);
    }

    /** Wait until the broker that we ask has heard of it: the place where a group begins is told by partition. */
    private void awaitPartitions(long deadline) {
        while (partitions(left(deadline)).isEmpty()) {
            if (left(deadline).isZero()) {
                throw new TimeoutException("Topic '%s' does not exist on the broker yet".formatted(name));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** Tell whether trying again would not help, and the topic is used as it is. */
    private boolean settled(KafkaException failure) {
        if (failure instanceof AuthorizationException
                || failure instanceof PolicyViolationException
                || failure instanceof InvalidTopicException
                || failure instanceof InvalidPartitionsException
                || failure instanceof InvalidReplicationFactorException
                || failure instanceof InvalidConfigurationException) {
            LOGGER.warn(
                    "Topic '{}' of channel '{}' is not created if it is missing ({}). Create it yourself, correct"
                            + " {}, or set its 'create' to false.",
                    name,
                    channel,
                    failure.getMessage(),
                    PropertyNames.channel(channel, "kafka.topic"));
            return true;
        }
        return false;
    }

    /**
     * Return what tells this topic from an earlier one of the same name; the name itself where the broker does not say.
     *
     * @throws KafkaException if the server did not answer
     */
    String id(Duration patience) {
        try {
            TopicDescription description = KafkaCluster.await(
                            admin.get().describeTopics(List.of(name)).allTopicNames(), patience)
                    .get(name);
            return description == null || Uuid.ZERO_UUID.equals(description.topicId())
                    ? name
                    : description.topicId().toString();
        } catch (AuthorizationException | UnsupportedVersionException e) {
            LOGGER.debug("The id of topic '{}' is not known", name, e);
            return name;
        }
    }

    /** Return the partitions; none if there is no such topic. */
    List<TopicPartition> partitions(Duration patience) {
        try {
            return KafkaCluster.await(admin.get().describeTopics(List.of(name)).allTopicNames(), patience)
                    .values()
                    .stream()
                    .flatMap(description -> description.partitions().stream())
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
        } catch (UnknownTopicOrPartitionException e) {
            return List.of();
        }
    }
}
