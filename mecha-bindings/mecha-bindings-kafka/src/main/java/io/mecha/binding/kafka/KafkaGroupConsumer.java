// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.Thrown;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.StopGuard;
import io.mecha.runtime.SupervisedThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group, with one consumer and one thread.
 *
 * <p>The thread reads, hands out and commits; it never waits for a handler, so that the member stays in its group however long one
 * takes. What was read and finds no room is {@linkplain ReadRecords held} while the partitions are paused.
 */
final class KafkaGroupConsumer implements MessageConsumer {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaGroupConsumer.class);

    private static final Duration BUSY_POLL = OffsetCommits.INTERVAL;
    private static final Duration IDLE_POLL = Duration.ofSeconds(1);

    /** A poll counts from where it began, so that one as long as the interval between polls would come too late. */
    private static final int POLLS_OF_AN_INTERVAL = 4;

    private static final Backoff RETRY =
            Backoff.constant(Duration.ofMillis(500)).shortened(0.5);
    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final int RECORDS = 500;
    private static final int METADATA_AGE = 60_000;

    private final KafkaBackend backend;
    private final ConsumerRequest request;
    private final SupervisedThread supervised;
    private final Thread thread;
    private final OffsetCommits commits = new OffsetCommits(this::holds);
    private final Transactions transactions;
    private final StopGuard guard = new StopGuard(System::nanoTime);
    private final ReadRecords held;
    private final AsideBound asideBound;

    /** Where the group begins, decided once: what came since is not passed over when we begin anew before the first commit. */
    private @Nullable Map<TopicPartition, OffsetAndMetadata> begins;

    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile @Nullable ConsumerGroupMetadata membership;
    private volatile boolean paused;
    private volatile boolean closed;
    private volatile boolean uncertain;
    private volatile boolean waiting;
    private long lastPoll;
    private Duration idlePoll = IDLE_POLL;
    private boolean reported;
    private boolean classic;

    KafkaGroupConsumer(KafkaBackend backend, ConsumerRequest request, Receiver receiver) {
        this.backend = backend;
        this.request = request;
        this.held = new ReadRecords(request, receiver, this::wake);
        this.asideBound = new AsideBound(backend.channel(), request);
        this.paused = request.paused();
        this.transactions = new Transactions(this, backend, commits);
        this.supervised =
                new SupervisedThread("mecha-kafka-%s-%s".formatted(backend.channel(), request.group()), this::run);
        this.thread = supervised.thread();
    }

    KafkaGroupConsumer start() {
        supervised.start();
        return this;
    }

    Transactions transactions() {
        return transactions;
    }

    String group() {
        return request.group();
    }

    /** Return as whom the group knows us; changes with each rebalance. */
    @Nullable ConsumerGroupMetadata membership() {
        return membership;
    }

    /** Take over as whom the client knows us now; called by the polling thread, also before the end of a poll. */
    void renewMembership() {
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            membership = open.groupMetadata();
        }
    }

    String topicId(String topic) {
        return backend.topics().id(topic, KafkaCluster.PATIENCE);
    }

    boolean closed() {
        return closed;
    }

    /**
     * Tell whether what was handed out is still ours, as far as time tells; if not, all begin anew from what the broker knows. Called
     * on any thread, before each handler and each commit.
     */
    boolean holds() {
        if (!uncertain && guard.stood()) {
            doubt();
        }
        return !uncertain;
    }

    /** Begin anew if we stood still for so long that others may have what we had. */
    private void checkStandstill() {
        if (closed || !guard.stood()) {
            return;
        }
        uncertain = true;
        LOGGER.warn(
                "The consumer of group '{}' of channel '{}' paused for longer than the broker waits and joins again: others may have"
                        + " its partitions. Find the reason of the pause, such as garbage collection, or raise"
                        + " session.timeout.ms and max.poll.interval.ms.",
                request.group(),
                backend.channel());
    }

    /** Tell whether the broker knows better than we how far we are. */
    boolean uncertain() {
        return uncertain;
    }

    private void run() {
        while (!closed) {
            try {
                receive();
            } catch (RuntimeException e) { // receiving goes on, after an error by the supervision
                boolean unused = Thread.interrupted(); // or the next attempt and the rest before it would end at once
                report(e);
                rest(RETRY.after(1), () -> !closed);
            }
        }
        transactions.close();
    }

    private void report(Throwable failure) {
        if (closed || failure instanceof WakeupException) {
            return;
        }
        if (reported || uncertain) {
            LOGGER.debug("Receiving from channel '{}' still fails", backend.channel(), failure);
            return;
        }
        reported = true;
        LOGGER.warn(
                "Group '{}' cannot receive from channel '{}' and goes on trying. Check the broker, and that the application"
                        + " may read the topic. {}",
                request.group(),
                backend.channel(),
                Thrown.describe(failure));
        LOGGER.debug("Receiving from channel '{}' fails", backend.channel(), failure);
    }

    private void receive() {
        uncertain = false;
        lastPoll = System.nanoTime() - BUSY_POLL.toNanos();
        backend.topics().prepare(KafkaCluster.PATIENCE);
        if (begins == null) {
            begins = new HashMap<>();
            if (request.startAt() == StartAt.LATEST) {
                begins.putAll(backend.groups().place(request.group(), StartAt.LATEST));
            }
        }
        Consumer<byte[], byte[]> opened = open();
        Duration pollInterval = backend.cluster().pollInterval();
        guard.begin(backend.cluster().session(request.group(), classic), pollInterval);
        idlePoll = Collections.min(List.of(IDLE_POLL, pollInterval.dividedBy(POLLS_OF_AN_INTERVAL)));
        Assignment assignment = new Assignment(this, opened, begins, asideBound, backend.revokeTimeout());
        consumer = opened;
        try {
            backend.topics().subscribe(opened, assignment);
            while (!closed && !uncertain && guard.lives()) {
                cycle(opened, assignment);
            }
            checkStandstill();
            settle(opened);
            if (!uncertain) {
                assignment.trackers().forEach(PartitionTracker::revoke);
                commits.finish(opened, transactions, assignment.trackers(), backend.closeTimeout());
            }
        } finally {
            consumer = null;
            assignment.abandon();
            held.clear();
            opened.close(CloseOptions.timeout(backend.closeTimeout()));
            if (closed && request.ephemeral()) {
                backend.groups().delete(request.group());
            }
        }
    }

    /**
     * Let the classic protocol finish the first join, a while: a member that leaves before it knows its id cannot say so, and the group
     * waits for it until its session ends. What is read here was not handed out, and is read again by others.
     */
    private void settle(Consumer<byte[], byte[]> opened) {
        long deadline = System.nanoTime() + SETTLING.toNanos();
        while (classic && opened.groupMetadata().generationId() < 0 && System.nanoTime() - deadline < 0) {
            try {
                opened.poll(OffsetCommits.INTERVAL);
            } catch (WakeupException e) {
                LOGGER.trace("Woken up while joining", e);
            }
        }
    }

    private Consumer<byte[], byte[]> open() {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        defaults.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_AGE);
        Map<String, Object> overrides = new HashMap<>();
        classic = !backend.cluster().usesConsumerProtocol(backend.groupProtocol());
        if (!classic) {
            overrides.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer");
        } else {
            overrides.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
            defaults.put(
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
        overrides.put(ConsumerConfig.GROUP_ID_CONFIG, request.group());
        overrides.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // For partitions nobody in the group has seen; where the group begins is decided when it is placed.
        overrides.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        overrides.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                Math.min(request.maxInFlight(), Math.max(RECORDS, request.maxBatch())));
        return backend.cluster()
                .consumer("%s-%s".formatted(backend.application(), backend.channel()), defaults, overrides);
    }

    private void cycle(Consumer<byte[], byte[]> opened, Assignment assignment) {
        held.handOut(() -> !paused && !closed);
        if (commits.due()) {
            assignment.passMarks();
            commits.send(opened, transactions, assignment.trackers());
        }
        if (!blocked()) {
            assignment.flow(true);
            boolean busy = held.handled() || !commits.quiet();
            read(opened, assignment, busy ? BUSY_POLL : idlePoll);
        } else if (System.nanoTime() - lastPoll >= BUSY_POLL.toNanos()) {
            assignment.flow(false);
            read(opened, assignment, Duration.ZERO);
        } else {
            rest(held.anyReleased() ? ReadRecords.RELEASE_PAUSE : BUSY_POLL, this::stuck);
        }
    }

    /** Tell whether what is read could not be handed out. */
    private boolean blocked() {
        return paused || held.blocked();
    }

    private boolean stuck() {
        return !closed && !uncertain && held.stuck(paused);
    }

    private void read(Consumer<byte[], byte[]> opened, Assignment assignment, Duration timeout) {
        long began = System.nanoTime();
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = opened.poll(timeout);
        } catch (WakeupException e) {
            return; // something changed; nothing is lost
        }
        lastPoll = System.nanoTime();
        guard.polled(began);
        if (closed) {
            return; // maybe before the partitions were taken
        }
        membership = opened.groupMetadata();
        reported = false;
        for (TopicPartition partition : records.partitions()) {
            PartitionTracker tracker = assignment.tracker(partition);
            if (tracker == null) {
                throw new IllegalStateException(
                        "Kafka delivered records of %s, which is not assigned to this consumer".formatted(partition));
            }
            take(tracker, records.records(partition));
        }
    }

    private void take(PartitionTracker tracker, List<ConsumerRecord<byte[], byte[]>> records) {
        if (tracker.reading(records.get(0).offset())) {
            tracker.topicId(topicId(tracker.partition().topic()));
        }
        List<KafkaDelivery> deliveries = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            long offset = record.offset();
            if (tracker.fresh(offset)) {
                deliveries.add(new KafkaDelivery(this, tracker, record, tracker.failedAttempts(offset) + 1));
            }
        }
        tracker.add(deliveries, records.get(records.size() - 1).offset() + 1);
        commits.stir();
        held.add(deliveries);
    }

    /** A delivery is done; called on any thread. */
    void finished() {
        held.finished();
        if (waiting) {
            wake();
        }
    }

    ReadRecords held() {
        return held;
    }

    private void wake() {
        if (waiting) {
            waiting = false;
            LockSupport.unpark(thread);
            return;
        }
        interruptPoll();
    }

    private void interruptPoll() {
        Consumer<byte[], byte[]> polling = consumer;
        if (polling != null) {
            polling.wakeup();
        }
    }

    private void rest(Duration longest, BooleanSupplier still) {
        waiting = true;
        if (still.getAsBoolean()) {
            LockSupport.parkNanos(longest.toNanos());
        }
        waiting = false;
    }

    /** Wait until handlers have finished what they do in these partitions, or are not waited for any more. */
    void awaitIdle(Collection<PartitionTracker> trackers, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!closed && trackers.stream().anyMatch(PartitionTracker::busy) && System.nanoTime() - deadline < 0) {
            guard.lives();
            rest(ReadRecords.RELEASE_PAUSE, () -> trackers.stream().anyMatch(PartitionTracker::busy));
        }
    }

    void commitNow(Collection<PartitionTracker> trackers) {
        Consumer<byte[], byte[]> open = consumer;
        if (open != null) {
            commits.finish(open, transactions, trackers, backend.closeTimeout());
        }
    }

    /** Begin anew from what the broker knows, since nobody knows whether it took a transaction. */
    void doubt() {
        uncertain = true;
        wake();
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        wake();
    }

    @Override
    public void close() {
        closed = true;
        supervised.stop();
        wake();
        interruptPoll();
        supervised.awaitEnd(); // at once where the receiver closes its own consumer: the thread ends when it comes back
    }
}
