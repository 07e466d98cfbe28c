// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The record of delivered and finished messages of one partition, while the partition is assigned to this member.
 *
 * <p>Deliveries finish in any order and on any thread by changing themselves, without a lock. The window holds those that were read
 * from the broker and are not below the watermark, in the order of their offsets; a commit first moves the
 * watermark up over those that are done. The lock is taken once for each batch and each commit.
 */
final class PartitionTracker {

    private final TopicPartition partition;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<KafkaDelivery> window = new ArrayDeque<>();
    private final Map<Long, Integer> attempts = new ConcurrentHashMap<>();
    private final AtomicInteger aside = new AtomicInteger();

    /** What was done above the watermark when the partition became ours; changed by the polling thread only. */
    private volatile Progress resumed;

    /** Offset after what was read. */
    private long position;

    private @Nullable Progress committed;
    private volatile boolean attemptsChanged;
    private volatile boolean revoking;
    private volatile boolean lost;

    /** What tells this topic from earlier ones of the same name. */
    private volatile String topicId;

    PartitionTracker(TopicPartition partition, String topicId, Progress resumed, boolean known) {
        this.topicId = topicId;
        this.partition = partition;
        this.resumed = resumed;
        this.position = resumed.next();
        this.committed = known ? resumed : null;
        attempts.putAll(resumed.attempts());
    }

    TopicPartition partition() {
        return partition;
    }

    String topicId() {
        return topicId;
    }

    void topicId(String id) {
        topicId = id;
    }

    /**
     * Begin anew if the partition does: somebody made the topic again, and it has less than we remember.
     *
     * @return whether it does
     */
    boolean reading(long offset) {
        lock.lock();
        try {
            boolean anew = offset < position;
            if (anew) {
                position = offset;
                resumed = Progress.at(offset);
                committed = null;
                attempts.clear();
                window.clear();
            }
            return anew;
        } finally {
            lock.unlock();
        }
    }

    /** Tell whether nobody before us has done this one. */
    boolean fresh(long offset) {
        return !resumed.done(offset);
    }

    int failedAttempts(long offset) {
        return attempts.isEmpty() ? 0 : attempts.getOrDefault(offset, 0);
    }

    /** Remember that attempts failed. */
    void failed(long offset, int count) {
        attempts.put(offset, count);
        attemptsChanged = true;
    }

    /**
     * Take what was read.
     *
     * @param read in the order of offsets, above all before
     * @param after offset after what was read
     */
    void add(List<KafkaDelivery> read, long after) {
        lock.lock();
        try {
            window.addAll(read);
            position = Math.max(position, after);
        } finally {
            lock.unlock();
        }
    }

    /** Hand a delivery out again, in its old place. */
    KafkaDelivery again(KafkaDelivery released) {
        lock.lock();
        try {
            return released.again();
        } finally {
            lock.unlock();
        }
    }

    /** Return what was handed out of the key of a delivery after it, and is not finished. */
    List<KafkaDelivery> handedOutAfter(KafkaDelivery delivery) {
        ByteBuffer key = delivery.key();
        lock.lock();
        try {
            return window.stream()
                    .filter(other -> other.offset() > delivery.offset())
                    .filter(other -> other.running() && Objects.equals(key, other.key()))
                    .map(KafkaDelivery::latest)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** Tell that the consumer is at {@code offset}: it passes over what is no message. */
    void reached(long offset) {
        lock.lock();
        try {
            position = Math.max(position, offset);
        } finally {
            lock.unlock();
        }
    }

    /** Count what was put aside, or is so no longer. */
    void aside(int more) {
        aside.addAndGet(more);
    }

    /** Return how many deliveries are put aside. */
    int aside() {
        return aside.get();
    }

    /** Tell whether so much is read above the watermark that no more should be. */
    boolean full() {
        lock.lock();
        try {
            trim();
            return !window.isEmpty() && position - window.getFirst().offset() > Progress.SPAN / 2;
        } finally {
            lock.unlock();
        }
    }

    private void trim() {
        KafkaDelivery head = window.peekFirst();
        while (head != null && head.done()) {
            window.removeFirst();
            head = window.peekFirst();
        }
    }

    /**
     * Say how far we are.
     *
     * @param alsoDone deliveries that will be done if what is returned is committed
     */
    Progress progress(Collection<KafkaDelivery> alsoDone) {
        Set<KafkaDelivery> others = alsoDone.isEmpty() ? Set.of() : new HashSet<>(alsoDone);
        lock.lock();
        try {
            trim();
            long next = position;
            BitSet open = new BitSet();
            for (KafkaDelivery delivery : window) {
                if (!delivery.done() && !others.contains(delivery.latest())) {
                    next = Math.min(next, delivery.offset());
                    open.set((int) Math.min(delivery.offset() - next, Progress.SPAN));
                }
            }
            BitSet done = new BitSet();
            done.set(0, (int) Math.min(position - next, Progress.SPAN));
            done.andNot(open);
            addResumed(done, next);
            return new Progress(next, done, failures(next));
        } finally {
            lock.unlock();
        }
    }

    private void addResumed(BitSet done, long next) {
        long last = resumed.next() + resumed.done().length();
        for (long offset = position; offset < Math.min(last, next + Progress.SPAN); offset++) {
            if (resumed.done(offset)) {
                done.set((int) (offset - next));
            }
        }
    }

    private Map<Long, Integer> failures(long next) {
        attemptsChanged = false;
        if (!attempts.isEmpty()) {
            attempts.keySet().removeIf(offset -> offset < next);
        }
        return attempts.isEmpty() ? Map.of() : new HashMap<>(attempts);
    }

    /** Return what to commit; {@code null} if nothing changed. */
    @Nullable Progress news() {
        boolean failures = attemptsChanged;
        Progress now = progress(List.of());
        Progress before = committed;
        return before != null
                        && !failures
                        && before.next() == now.next()
                        && before.done().equals(now.done())
                ? null
                : now;
    }

    void committed(Progress progress) {
        lock.lock();
        try {
            committed = progress;
        } finally {
            lock.unlock();
        }
    }

    /** Tell whether a handler may still work on something of this partition. */
    boolean busy() {
        lock.lock();
        try {
            trim();
            return window.stream().anyMatch(KafkaDelivery::running);
        } finally {
            lock.unlock();
        }
    }

    boolean idle() {
        lock.lock();
        try {
            trim();
            return window.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Let nobody begin with what was handed out. */
    void revoke() {
        revoking = true;
    }

    /** Forget the partition: it is somebody else's. */
    void lose() {
        lost = true;
    }

    boolean owned() {
        return !lost;
    }

    boolean current() {
        return !revoking && !lost;
    }
}
