// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Rejection;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionTrackerTests {

    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);

    private final KafkaGroupConsumer consumer = new KafkaGroupConsumer(
            KafkaBackend.builder(new KafkaCluster(Map.of("bootstrap.servers", "localhost:1")), "orders")
                    .build(),
            ConsumerRequest.of("group", 10),
            deliveries -> {});

    @Test
    void movesTheWatermarkOverWhatIsDoneWithoutGap() {
        PartitionTracker tracker = tracker(Progress.at(5));
        List<KafkaDelivery> deliveries = read(tracker, 5, 6, 7);

        deliveries.get(1).acknowledge();
        assertThat(progress(tracker)).isEqualTo(new Progress(5, bits(1), Map.of()));
        deliveries.get(0).acknowledge();
        assertThat(progress(tracker)).isEqualTo(Progress.at(7));
        deliveries.get(2).reject(Rejection.FAILED);
        assertThat(progress(tracker)).isEqualTo(Progress.at(8));
    }

    @Test
    void tellsWhatIsDoneInWhateverOrder() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            PartitionTracker tracker = tracker(Progress.at(0));
            List<KafkaDelivery> open = new ArrayList<>();
            TreeSet<Long> unfinished = new TreeSet<>();
            long next = 0;
            for (int step = 0; step < 100; step++) {
                if (random.nextInt(3) == 0) {
                    long[] offsets = new long[random.nextInt(1, 20)];
                    for (int i = 0; i < offsets.length; i++) {
                        next += random.nextInt(4) == 0 ? random.nextInt(1, 5) : 0; // what is no message
                        offsets[i] = next++;
                        unfinished.add(offsets[i]);
                    }
                    open.addAll(read(tracker, offsets));
                } else if (!open.isEmpty()) {
                    KafkaDelivery delivery = open.remove(random.nextInt(open.size()));
                    if (random.nextInt(4) == 0) {
                        delivery.release();
                        open.add(tracker.again(delivery));
                    } else {
                        delivery.acknowledge();
                        unfinished.remove(delivery.offset());
                    }
                }
                assertKnows(tracker, unfinished, next);
            }
        }
    }

    private static void assertKnows(PartitionTracker tracker, NavigableSet<Long> unfinished, long next) {
        Progress progress = progress(tracker);
        assertThat(progress.next()).isEqualTo(unfinished.isEmpty() ? next : unfinished.first());
        for (long offset = progress.next(); offset < next; offset++) {
            assertThat(progress.done(offset)).isEqualTo(!unfinished.contains(offset));
        }
        assertThat(progress.done(next)).isFalse();
        assertThat(Progress.decode(progress.encode())).isEqualTo(progress);
    }

    @Test
    void keepsWhatWasDoneBeforeThePartitionCame() {
        PartitionTracker tracker = tracker(new Progress(0, bits(1, 3, 6), Map.of(4L, 2)));

        assertThat(List.of(tracker.fresh(0), tracker.fresh(1), tracker.fresh(2), tracker.fresh(3)))
                .containsExactly(true, false, true, false);
        assertThat(tracker.failedAttempts(4)).isEqualTo(2);
        List<KafkaDelivery> deliveries = read(tracker, 0, 2);
        deliveries.get(0).acknowledge();

        Progress progress = progress(tracker);

        assertThat(progress.next()).isEqualTo(2);
        assertThat(progress.done(3)).isTrue();
        assertThat(progress.done(4)).isFalse();
        assertThat(progress.done(6)).isTrue();
        assertThat(progress.attempts()).isEqualTo(Map.of(4L, 2));
    }

    @Test
    void remembersFailedAttemptsUntilTheMessageIsDone() {
        PartitionTracker tracker = tracker(Progress.at(0));
        List<KafkaDelivery> deliveries = read(tracker, 0, 1);
        deliveries.get(0).failed(3);

        assertThat(tracker.news().attempts()).isEqualTo(Map.of(0L, 3));
        deliveries.get(0).release();
        assertThat(tracker.again(deliveries.get(0)).attempt()).isEqualTo(4);
        deliveries.get(1).acknowledge();
        assertThat(progress(tracker).attempts()).isEqualTo(Map.of(0L, 3));
        deliveries.get(0).latest().acknowledge();
        assertThat(progress(tracker)).isEqualTo(Progress.at(2));
    }

    @Test
    void hasNewsOnlyAfterAChange() {
        PartitionTracker tracker = tracker(Progress.at(0));
        assertThat(tracker.news()).isNull();
        KafkaDelivery delivery = read(tracker, 0).get(0);
        assertThat(tracker.news()).isNull();

        delivery.acknowledge();

        Progress news = tracker.news();
        assertThat(news).isEqualTo(Progress.at(1));
        tracker.committed(news);
        assertThat(tracker.news()).isNull();
    }

    @Test
    void tellsTheFirstPlaceOfAGroupThatHadNone() {
        assertThat(new PartitionTracker(PARTITION, "id", Progress.at(9), false).news())
                .isEqualTo(Progress.at(9));
    }

    @Test
    void countsWhatATransactionWouldAcknowledge() {
        PartitionTracker tracker = tracker(Progress.at(0));
        List<KafkaDelivery> deliveries = read(tracker, 0, 1, 2);

        assertThat(tracker.progress(List.of(deliveries.get(1)))).isEqualTo(new Progress(0, bits(1), Map.of()));
        assertThat(tracker.progress(deliveries)).isEqualTo(Progress.at(3));
        assertThat(progress(tracker)).isEqualTo(Progress.at(0));
    }

    @Test
    void isFullWhenItIsFarAheadOfTheWatermark() {
        PartitionTracker tracker = tracker(Progress.at(0));
        KafkaDelivery stuck = read(tracker, 0).get(0);
        assertThat(tracker.full()).isFalse();

        read(tracker, Progress.SPAN).get(0).acknowledge();

        assertThat(tracker.full()).isTrue();
        stuck.acknowledge();
        assertThat(tracker.full()).isFalse();
    }

    @Test
    void beginsAnewWhenTheTopicWasMadeAgain() {
        PartitionTracker tracker = tracker(new Progress(100, bits(2), Map.of()));

        tracker.reading(0);

        assertThat(tracker.fresh(0)).isTrue();
        read(tracker, 0, 1).get(0).acknowledge();
        assertThat(progress(tracker)).isEqualTo(Progress.at(1));
    }

    @Test
    void isNotCurrentOnceThePartitionGoes() {
        PartitionTracker tracker = tracker(Progress.at(0));
        KafkaDelivery delivery = read(tracker, 0).get(0);
        delivery.handOut();
        assertThat(delivery.current()).isTrue();
        assertThat(tracker.busy()).isTrue();

        tracker.revoke();

        assertThat(delivery.current()).isFalse();
        assertThat(tracker.owned()).isTrue();
        assertThatCode(delivery::acknowledge).doesNotThrowAnyException();
        assertThat(tracker.busy()).isFalse();
        tracker.lose();
        assertThat(tracker.owned()).isFalse();
    }

    @Test
    void waitsForNothingThatWasPutAside() {
        PartitionTracker tracker = tracker(Progress.at(0));
        List<KafkaDelivery> deliveries = read(tracker, 0, 1, 2);
        deliveries.forEach(KafkaDelivery::handOut);
        deliveries.get(2).acknowledge();

        deliveries.get(0).park();
        deliveries.get(1).park();

        assertThat(tracker.busy()).isFalse();
        assertThat(deliveries).extracting(KafkaDelivery::current).containsExactly(true, true, false);
        assertThat(progress(tracker)).isEqualTo(new Progress(0, bits(2), Map.of()));
        deliveries.get(0).acknowledge();
        assertThat(progress(tracker)).isEqualTo(new Progress(1, bits(1), Map.of()));
        deliveries.get(1).release();
        assertThat(deliveries.get(1).current()).isFalse();
        tracker.again(deliveries.get(1)).acknowledge();
        assertThat(progress(tracker)).isEqualTo(Progress.at(3));
    }

    private static PartitionTracker tracker(Progress progress) {
        return new PartitionTracker(PARTITION, "id", progress, true);
    }

    private List<KafkaDelivery> read(PartitionTracker tracker, long... offsets) {
        List<KafkaDelivery> deliveries = new ArrayList<>();
        for (long offset : offsets) {
            deliveries.add(new KafkaDelivery(
                    consumer, tracker, new ConsumerRecord<>("orders", 0, offset, null, new byte[0]), 1));
        }
        tracker.add(deliveries, offsets[offsets.length - 1] + 1);
        return deliveries;
    }

    private static Progress progress(PartitionTracker tracker) {
        return tracker.progress(List.of());
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }
}
