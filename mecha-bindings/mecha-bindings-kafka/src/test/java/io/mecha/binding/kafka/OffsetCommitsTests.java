// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.ConsumerRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetMetadataTooLarge;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

/** What becomes of the commit that a member waits for, because its partitions go. */
class OffsetCommitsTests {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Member member = new Member();
    private final KafkaGroupConsumer group = new KafkaGroupConsumer(
            KafkaBackend.builder(new KafkaCluster(Map.of("bootstrap.servers", "localhost:1")), "orders")
                    .build(),
            ConsumerRequest.of("group", 10),
            deliveries -> {});
    private boolean holds = true;
    private final OffsetCommits commits = new OffsetCommits(() -> holds);

    @Test
    void commitsAgainWithTheEpochThatTheMemberLearnsMeanwhile() {
        member.answers.add(() -> {
            member.epoch++;
            throw new CommitFailedException("stale member epoch");
        });

        finish();

        assertThat(member.committed).containsEntry(PARTITION, new OffsetAndMetadata(7));
    }

    @Test
    void doesNotCommitAgainAsAMemberThatLeft() {
        member.answers.add(() -> {
            throw new CommitFailedException("unknown member");
        });

        finish();

        assertThat(member.committed).isEmpty();
    }

    @Test
    void commitsHoweverOftenItIsWoken() {
        for (int i = 0; i < 5; i++) {
            member.answers.add(() -> {
                throw new WakeupException();
            });
        }

        finish();

        assertThat(member.committed).containsEntry(PARTITION, new OffsetAndMetadata(7));
    }

    @Test
    void commitsWithoutDetailsWhereTheyAreTooLong() {
        member.answers.add(() -> {
            throw new OffsetMetadataTooLarge();
        });

        finish();

        assertThat(member.committed).containsEntry(PARTITION, new OffsetAndMetadata(7));
    }

    @Test
    void leavesAFailureToTheNextOwner() {
        member.answers.add(() -> {
            throw new RetriableCommitFailedException("no coordinator");
        });

        finish();

        assertThat(member.committed).isEmpty();
    }

    @Test
    void commitsNothingAfterAStandstill() {
        holds = false;

        finish();
        commits.send(member, group.transactions(), List.of(tracker()));

        assertThat(member.committed).isEmpty();
    }

    private void finish() {
        commits.finish(member, group.transactions(), List.of(tracker()), PATIENCE);
    }

    private static PartitionTracker tracker() {
        return new PartitionTracker(PARTITION, "id", Progress.at(7), false);
    }

    /** A client whose commits are answered one after the other as told, then taken. */
    private static final class Member extends MockConsumer<byte[], byte[]> {

        final Queue<Runnable> answers = new ArrayDeque<>();
        final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        int epoch = 3;

        Member() {
            super("earliest");
        }

        @Override
        public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            Runnable answer = answers.poll();
            if (answer != null) {
                answer.run();
            }
            committed.putAll(offsets);
        }

        @Override
        @SuppressWarnings("removal") // clients alone are to make it
        public ConsumerGroupMetadata groupMetadata() {
            return new ConsumerGroupMetadata("group", epoch, "member", Optional.empty());
        }
    }
}
