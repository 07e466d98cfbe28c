// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.Ordering;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Receiver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * The records that a consumer has read: those that wait for room, and the number of those that are handed out.
 *
 * <p>What is released goes to the front of what waits, in the order of offsets, after a short pause: Kafka cannot hand out a single
 * record again. Only what says so may be called by another thread than the consumer's.
 */
final class ReadRecords {

    /** The time that a released record waits before it is handed out again. */
    static final Duration RELEASE_PAUSE = Duration.ofMillis(20);

    private final ConsumerRequest request;
    private final Receiver receiver;
    private final Runnable changed;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger parked = new AtomicInteger();
    private final GivenBack released;

    /** Waiting to be handed out once more, and for the first time. */
    private final PriorityQueue<KafkaDelivery> again = new PriorityQueue<>(Comparator.comparingInt(
                    (KafkaDelivery delivery) -> delivery.tracker().partition().partition())
            .thenComparingLong(KafkaDelivery::offset));

    private final ArrayDeque<KafkaDelivery> pending = new ArrayDeque<>();
    private long notBefore;

    /**
     * Begin without records.
     *
     * @param request how many there may be
     * @param receiver where they are handed out
     * @param changed runs when there may be something to hand out, on any thread
     */
    ReadRecords(ConsumerRequest request, Receiver receiver, Runnable changed) {
        this.request = request;
        this.receiver = receiver;
        this.changed = changed;
        this.released = new GivenBack(request.ordering() == Ordering.KEY, this::makeRoom);
    }

    /** Take records that were read, in their order. */
    void add(List<KafkaDelivery> deliveries) {
        pending.addAll(deliveries);
    }

    /** A delivery is done; called on any thread. */
    void finished() {
        inFlight.decrementAndGet();
    }

    /** Some were put aside, or are so no longer; called on any thread. */
    void parked(PartitionTracker tracker, int more) {
        parked.addAndGet(more);
        tracker.aside(more);
        changed.run();
    }

    /** Give a delivery back, unless it is finished; called on any thread. */
    void release(KafkaDelivery delivery) {
        released.release(delivery);
    }

    private void makeRoom() {
        inFlight.decrementAndGet();
        changed.run();
    }

    /** Returns how many may be handed out: those that are put aside take no place, but stop their partition at a bound. */
    private int room() {
        return request.maxInFlight() - inFlight.get() + parked.get();
    }

    /** Tell whether handlers have some that are not put aside. */
    boolean handled() {
        return inFlight.get() > parked.get();
    }

    /** Tell whether what is read now could not be handed out. */
    boolean blocked() {
        return !pending.isEmpty() || !again.isEmpty() || room() <= 0;
    }

    boolean anyReleased() {
        return !released.isEmpty() || !again.isEmpty();
    }

    /** Tell whether there is nothing to do until something changes, or a pause is over. */
    boolean stuck(boolean paused) {
        return released.isEmpty() && (paused || room() <= 0 || !again.isEmpty());
    }

    /** Hand out what there is room for. */
    void handOut(BooleanSupplier open) {
        // First the room, then what was released: what made the room by being released is then seen, and goes first.
        int room = room();
        collectReleased();
        boolean early = !again.isEmpty() && System.nanoTime() - notBefore < 0;
        while (room > 0 && !early && open.getAsBoolean() && again.size() + pending.size() > 0) {
            int count = Math.min(Math.min(room, request.maxBatch()), again.size() + pending.size());
            room -= count;
            inFlight.addAndGet(count);
            List<KafkaDelivery> deliveries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                KafkaDelivery next = again.isEmpty() ? pending.remove() : again.remove();
                next.handOut();
                if (released.holds(next)) {
                    released.takeBack(next);
                } else {
                    deliveries.add(next);
                }
            }
            if (!deliveries.isEmpty()) {
                handOut(deliveries);
            }
        }
    }

    private void collectReleased() {
        KafkaDelivery delivery = released.poll();
        if (delivery == null) {
            return;
        }
        notBefore = System.nanoTime() + RELEASE_PAUSE.toNanos();
        while (delivery != null) {
            if (delivery.tracker().current()) {
                again.add(delivery.tracker().again(delivery));
            }
            delivery = released.poll();
        }
    }

    private void handOut(List<KafkaDelivery> deliveries) {
        try {
            receiver.receive(deliveries);
        } catch (RuntimeException | Error e) {
            deliveries.forEach(KafkaDelivery::release);
            throw e;
        }
    }

    /** Hand out nothing more of these partitions. */
    void forget(Collection<PartitionTracker> trackers) {
        Set<PartitionTracker> gone = new HashSet<>(trackers);
        pending.removeIf(delivery -> gone.contains(delivery.tracker()));
        again.removeIf(delivery -> gone.contains(delivery.tracker()));
    }

    void clear() {
        pending.clear();
        again.clear();
        released.clear();
    }
}
