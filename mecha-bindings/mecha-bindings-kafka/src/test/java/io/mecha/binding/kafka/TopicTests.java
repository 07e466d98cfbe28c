// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class TopicTests {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Admin admin = (Admin) Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "createTopics" -> create();
                case "describeTopics" -> describe();
                default -> throw new IllegalStateException(method.getName());
            });
    private final Topic topic = new Topic(() -> admin, "orders", "orders", new TopicCreation(true, 1, null, Map.of()));

    private int created;
    private boolean exists;
    private int unknown;

    private CreateTopicsResult create() {
        created++;
        KafkaFutureImpl<CreateTopicsResult.TopicMetadataAndConfig> answer = new KafkaFutureImpl<>();
        if (exists) {
            answer.completeExceptionally(new TopicExistsException("orders"));
        } else {
            answer.complete(null);
        }
        return new Created(Map.of("orders", answer));
    }

    private DescribeTopicsResult describe() {
        KafkaFutureImpl<TopicDescription> answer = new KafkaFutureImpl<>();
        if (created == 0 || unknown-- > 0) {
            answer.completeExceptionally(new UnknownTopicOrPartitionException());
        } else {
            Node node = new Node(1, "localhost", 1);
            answer.complete(new TopicDescription(
                    "orders", false, List.of(new TopicPartitionInfo(0, node, List.of(node), List.of(node)))));
        }
        return new Described(Map.of("orders", answer));
    }

    @Test
    void waitsUntilTheBrokerKnowsATopicThatWasMade() {
        unknown = 3;

        topic.prepare(PATIENCE);

        assertThat(topic.partitions(PATIENCE)).containsExactly(new TopicPartition("orders", 0));
        assertThat(unknown).isNegative();
    }

    @Test
    void waitsForATopicThatAnotherMadeMeanwhile() {
        exists = true;
        unknown = 3;

        topic.prepare(PATIENCE);

        assertThat(topic.partitions(PATIENCE)).hasSize(1);
    }

    @Test
    void triesAgainWhenTheBrokerDoesNotKnowTheTopicInTime() {
        unknown = Integer.MAX_VALUE;

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> topic.prepare(Duration.ofMillis(50)))
                .withMessage("Topic 'orders' does not exist on the broker yet");
        unknown = 0;
        topic.prepare(PATIENCE);

        assertThat(created).isEqualTo(1);
    }

    /** Gives access to the constructor. */
    private static final class Created extends CreateTopicsResult {

        Created(Map<String, KafkaFuture<TopicMetadataAndConfig>> answers) {
            super(answers);
        }
    }

    /** Gives access to the constructor. */
    private static final class Described extends DescribeTopicsResult {

        Described(Map<String, KafkaFuture<TopicDescription>> answers) {
            super(null, answers);
        }
    }
}
