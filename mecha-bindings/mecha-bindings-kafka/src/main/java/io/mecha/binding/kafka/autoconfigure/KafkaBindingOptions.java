// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka.autoconfigure;

import io.mecha.binding.kafka.GroupProtocol;
import io.mecha.binding.kafka.TransactionUse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Options of channels on Kafka; each may be overridden in {@code mecha.bindings.channels.<name>.kafka}.
 *
 * @param connectionDetails Name of the connection details bean, if there are several.
 * @param groupProtocol How the members of a group share its partitions: 'auto', 'classic' or 'consumer'.
 * @param isolationLevel Whether messages of transactions are received that may still be aborted.
 * @param sendTimeout Longest time that a send may take. Without it, the out.timeout of the channel.
 * @param revokeTimeout Longest time that handlers may go on when a partition goes to another member; the group waits.
 * @param transactions When pipes use transactions: 'auto' where the broker has them ready, 'always' or 'never'.
 * @param clientId Beginning of the ids by which the broker knows clients. Without it, the names of application and channel.
 * @param properties More configuration of all clients, by the names that Kafka gives it.
 * @param pattern Regular expression for the names of the topics to receive from, instead of the destination.
 * @param topic Creation of a topic that does not exist.
 */
@ConfigurationProperties("mecha.bindings.kafka")
record KafkaBindingOptions(
        @Nullable String connectionDetails,
        @Nullable GroupProtocol groupProtocol,
        @Nullable IsolationLevel isolationLevel,
        @Nullable Duration sendTimeout,
        @Nullable Duration revokeTimeout,
        @Nullable TransactionUse transactions,
        @Nullable String clientId,
        @Nullable Map<String, String> properties,
        @Nullable String pattern,
        @Nullable Topic topic) {

    /** The isolation level, which decides about messages of open and aborted transactions. */
    enum IsolationLevel {
        /** Those of transactions that were committed. The default. */
        READ_COMMITTED,

        /** All. */
        READ_UNCOMMITTED
    }

    /**
     * Options of a topic.
     *
     * @param create Whether to create the topic when it is first used; stops by itself where that is not allowed.
     * @param partitions Number of partitions of a new topic. Without it, the default of the broker.
     * @param replicas Number of replicas of each partition of a new topic. Without it, the default of the broker.
     * @param configs Configuration of a new topic, by the names that Kafka gives it.
     */
    record Topic(
            @Nullable Boolean create,
            @Nullable Integer partitions,
            @Nullable Short replicas,
            @Nullable Map<String, String> configs) {}
}
