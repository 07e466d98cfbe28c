// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.Capabilities;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Forwarding;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Retention;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * A backend on a topic of Apache Kafka.
 *
 * <p>A group of the channel is a consumer group; several consumers of a group share the partitions of the topic. Messages with the
 * same key are in one partition. A message that is released comes again from memory, on the same member; one that is rejected is
 * acknowledged, since Kafka has no place for it. Besides the offset of a group, what is done above it and how often messages failed
 * are kept in the metadata of the commit, so that little is repeated after a crash.
 *
 * @since 1.0
 */
public final class KafkaBackend implements BindingBackend {

    private static final Duration MOST_PREPARING = Duration.ofSeconds(5);

    private final KafkaCluster cluster;
    private final String channel;
    private final String application;
    private final GroupProtocol groupProtocol;
    private final Duration sendTimeout;
    private final Duration revokeTimeout;
    private final TransactionUse transactions;
    private final Topics topics;
    private final KafkaGroups groups;
    private final Capabilities capabilities;
    private volatile boolean closed;

    private KafkaBackend(Builder builder) {
        this.cluster = builder.cluster;
        this.channel = builder.channel;
        this.application = builder.application;
        this.groupProtocol = builder.groupProtocol;
        this.sendTimeout = builder.sendTimeout;
        this.revokeTimeout = builder.revokeTimeout;
        this.transactions = builder.transactions;
        this.topics = builder.pattern == null
                ? Topics.named(cluster::admin, channel, builder.topics, builder.topicCreation)
                : Topics.matching(cluster::admin, channel, builder.pattern);
        this.groups = new KafkaGroups(cluster, channel, topics);
        Capabilities all = (topics.only() == null
                        ? Capabilities.none()
                        : Capabilities.none().with(Outbound.class, new KafkaOutbound(this)))
                .with(Inbound.class, new KafkaInbound(this))
                .with(Groups.class, groups)
                .with(KeyOrder.class, () -> Integer.MAX_VALUE)
                .with(AttemptMemory.class, (delivery, attempts) -> own(delivery).failed(attempts))
                .with(MessageIdentity.class, (delivery) -> own(delivery).identity())
                .with(Retention.class, new KafkaRetention(this));
        this.capabilities = transactions == TransactionUse.NEVER
                ? all
                : all.with(Forwarding.class, new TransactionalForwarding(this));
    }

    /**
     * Begin to describe a backend.
     *
     * @param cluster the cluster that has the topic; not closed by the backend
     * @param channel name of the channel, also of the topic unless another is set
     * @return a builder
     */
    public static Builder builder(KafkaCluster cluster, String channel) {
        return new Builder(cluster, channel);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        if (closed) {
            throw new BindingBackendException(
                    channel, Failures.TYPE, "checking the connection after it was closed", null);
        }
        try {
            KafkaCluster.await(cluster.admin().describeCluster().clusterId(), MOST_PREPARING);
        } catch (KafkaException | IllegalStateException e) {
            throw Failures.other(channel, "checking the connection to the broker", e);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    void check() {
        if (closed) {
            throw SendException.closed(channel);
        }
    }

    static KafkaDelivery own(Delivery delivery) {
        if (delivery instanceof KafkaDelivery own) {
            return own;
        }
        throw new IllegalArgumentException("A delivery of another backend");
    }

    KafkaCluster cluster() {
        return cluster;
    }

    String channel() {
        return channel;
    }

    String application() {
        return application;
    }

    GroupProtocol groupProtocol() {
        return groupProtocol;
    }

    Duration sendTimeout() {
        return sendTimeout;
    }

    Duration prepareTimeout() {
        Duration half = sendTimeout.dividedBy(2);
        return MOST_PREPARING.compareTo(half) < 0 ? MOST_PREPARING : half;
    }

    Duration revokeTimeout() {
        return revokeTimeout;
    }

    TransactionUse transactions() {
        return transactions;
    }

    Duration closeTimeout() {
        return MOST_PREPARING;
    }

    Topics topics() {
        return topics;
    }

    /** Return the topic to send to. */
    Topic topic() {
        Topic only = topics.only();
        if (only == null) {
            throw SendException.refused(channel, Failures.TYPE, "it receives from several topics", null);
        }
        return only;
    }

    KafkaGroups groups() {
        return groups;
    }

    /**
     * A builder of backends.
     *
     * @since 1.0
     */
    public static final class Builder {

        private static final Duration SEND_TIMEOUT = Duration.ofSeconds(30);
        private static final Duration REVOKE_TIMEOUT = Duration.ofSeconds(3);
        private static final Duration LEAST_TIMEOUT = Duration.ofMillis(10);

        private final KafkaCluster cluster;
        private final String channel;
        private List<String> topics;
        private @Nullable String pattern;
        private String application = "mecha";
        private GroupProtocol groupProtocol = GroupProtocol.AUTO;
        private Duration sendTimeout = SEND_TIMEOUT;
        private Duration revokeTimeout = REVOKE_TIMEOUT;
        private TransactionUse transactions = TransactionUse.AUTO;
        private TopicCreation topicCreation = TopicCreation.DEFAULT;

        private Builder(KafkaCluster cluster, String channel) {
            this.cluster = Objects.requireNonNull(cluster, "cluster");
            this.channel = Objects.requireNonNull(channel, "channel");
            this.topics = List.of(channel);
        }

        /**
         * Set the topic.
         *
         * @param value name of the topic
         * @return this
         */
        public Builder topic(String value) {
            topics = List.of(value);
            return this;
        }

        /**
         * Set several topics to receive from; nothing can be sent then.
         *
         * @param values names of topics, at least one
         * @return this
         */
        public Builder topics(List<String> values) {
            if (values.isEmpty() || values.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException("the name of a topic is missing in " + values);
            }
            topics = List.copyOf(values);
            return this;
        }

        /**
         * Receive from all topics whose whole names match, those that come later included; nothing can be sent then.
         *
         * @param value a regular expression; {@code null} for the topics that are set
         * @return this
         */
        public Builder pattern(@Nullable String value) {
            pattern = value;
            return this;
        }

        /**
         * Set the name by which the broker shows clients.
         *
         * @param value name of the application
         * @return this
         */
        public Builder application(String value) {
            application = Objects.requireNonNull(value, "application");
            return this;
        }

        /**
         * Set how the members of a group share its partitions.
         *
         * @param value the protocol
         * @return this
         */
        public Builder groupProtocol(GroupProtocol value) {
            groupProtocol = Objects.requireNonNull(value, "groupProtocol");
            return this;
        }

        /**
         * Set when pipes use transactions.
         *
         * @param value when
         * @return this
         */
        public Builder transactions(TransactionUse value) {
            transactions = Objects.requireNonNull(value, "transactions");
            return this;
        }

        /**
         * Set how long a send may take, waiting for metadata included.
         *
         * @param value at least 10 ms
         * @return this
         */
        public Builder sendTimeout(Duration value) {
            if (value.compareTo(LEAST_TIMEOUT) < 0) {
                throw new IllegalArgumentException("a send takes longer than " + value);
            }
            sendTimeout = value;
            return this;
        }

        /**
         * Set how long handlers may go on with what they do when a partition goes to another member; the whole group waits.
         *
         * @param value zero for not at all
         * @return this
         */
        public Builder revokeTimeout(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("a time to wait cannot be " + value);
            }
            revokeTimeout = value;
            return this;
        }

        /**
         * Set how the topic is created if there is none.
         *
         * @param value what to create
         * @return this
         */
        public Builder topicCreation(TopicCreation value) {
            topicCreation = Objects.requireNonNull(value, "topicCreation");
            return this;
        }

        /**
         * Make the backend.
         *
         * @return a backend that has not connected yet
         */
        public KafkaBackend build() {
            return new KafkaBackend(this);
        }
    }
}
