// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.Ordering;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Threads;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A queue that several members share.
 *
 * <p>Senders add to the {@link Inbox} without a lock. One task at a time, started when there was nothing to do before, hands
 * out as much as members have room for in one call; so a thread is woken once for many messages. Acknowledging takes no lock
 * either, unless the group keeps the order of keys. What came back is handed out before what is new.
 *
 * <p>With order by key, a {@link KeyLane} belongs to the member that has messages of the key, until it has finished all of
 * them.
 */
final class Group {

    private static final MemoryConsumer[] NOBODY = {};

    /** Hands out, which may wait for a receiver. */
    private static final ExecutorService THREADS = Threads.unbounded("mecha-memory-broker");

    private static final int ROUTED_AT_ONCE = 1024;

    private final ElapsedTime time;
    private final Inbox inbox = new Inbox();
    private final Backlog backlog = new Backlog();
    private final ReentrantLock lock = new ReentrantLock();

    /** Whether no task runs that hands out. */
    private final AtomicBoolean idle = new AtomicBoolean(true);

    /** Whether messages wait because no member has room. */
    private volatile boolean starved;

    private volatile boolean retired;
    private volatile MemoryConsumer[] members = NOBODY;
    private volatile boolean keyed;
    private int turn;

    /** What came back, and with order by key also what has none. */
    private final ArrayDeque<Queued> ready = new ArrayDeque<>();

    private final Map<String, KeyLane> lanes = new LinkedHashMap<>();

    /** Lanes that nobody owns and that have messages. */
    private final Set<KeyLane> free = new LinkedHashSet<>();

    /** Messages that expired or were discarded; those that wait for their end are told without the lock. */
    private final List<Queued> gone = new ArrayList<>();

    Group(ElapsedTime time) {
        this.time = time;
    }

    private record Handover(MemoryConsumer member, List<MemoryDelivery> deliveries) {}

    // ---- senders

    /** Queues a message; returns what completes when there is room, or {@code null} if there is. */
    @Nullable CompletableFuture<Void> offer(Queued queued, MemoryBindingOptions options) {
        CompletableFuture<Void> room = backlog.added(options.limit());
        if (options.synchronous() && !keyed && room == null && inbox.isEmpty() && handOutDirectly(queued)) {
            return null;
        }
        inbox.add(queued);
        if (retired) {
            discard();
        } else {
            wake();
        }
        return room;
    }

    private boolean handOutDirectly(Queued queued) {
        MemoryConsumer[] now = members;
        for (MemoryConsumer member : now) {
            if (member.enterDirectly()) {
                MemoryDelivery delivery = new MemoryDelivery(queued, member, null);
                try {
                    member.receiveDirectly(delivery);
                    if (delivery.current()) {
                        locked(() -> member.remember(delivery));
                    }
                } finally {
                    member.leave();
                }
                return true;
            }
        }
        return false;
    }

    // ---- handing out

    /** Starts to hand out, unless that goes on already. */
    void wake() {
        if (idle.get() && idle.compareAndSet(true, false)) {
            THREADS.execute(this::run);
        }
    }

    private void run() {
        do {
            Handover handover = select();
            while (handover != null) {
                handover.member().receive(handover.deliveries());
                handover.member().leave();
                handover = select();
            }
            idle.set(true);
        } while (canWork() && idle.compareAndSet(true, false));
    }

    private @Nullable Handover select() {
        lock.lock();
        try {
            if (keyed) {
                route();
            }
            MemoryConsumer[] now = members;
            for (int i = 0; i < now.length; i++) {
                MemoryConsumer member = now[(turn + i) % now.length];
                List<MemoryDelivery> deliveries = fill(member, share(member, now.length));
                if (!deliveries.isEmpty()) {
                    turn = (turn + i + 1) % now.length;
                    member.taken(deliveries.size());
                    member.enter();
                    return new Handover(member, deliveries);
                }
            }
            starved = !ready.isEmpty() || !inbox.isEmpty() || !lanes.isEmpty();
            return null;
        } finally {
            unlock();
        }
    }

    private int share(MemoryConsumer member, int members) {
        int most = Math.min(member.room(), member.request().maxBatch());
        return members == 1 ? most : Math.min(most, Math.max(1, backlog.size() / members));
    }

    /** Moves what was sent to the lanes of its keys. */
    private void route() {
        for (int i = 0; i < ROUTED_AT_ONCE; i++) {
            Queued queued = inbox.poll();
            if (queued == null) {
                return;
            }
            String key = queued.message.key();
            if (key == null) {
                ready.add(queued);
            } else {
                KeyLane lane = lanes.computeIfAbsent(key, KeyLane::new);
                lane.waiting.add(queued);
                list(lane);
            }
        }
    }

    private void list(KeyLane lane) {
        if (lane.waiting.isEmpty()) {
            if (lane.owner == null) {
                lanes.remove(lane.key, lane);
            }
        } else if (lane.owner == null) {
            free.add(lane);
        } else {
            lane.owner.lanes.add(lane);
        }
    }

    private List<MemoryDelivery> fill(MemoryConsumer member, int limit) {
        if (limit <= 0) {
            return List.of();
        }
        List<MemoryDelivery> deliveries = new ArrayList<>(Math.min(limit, 16));
        if (keyed) {
            fillFromLanes(member, member.lanes, limit, deliveries);
            fillFromLanes(member, free, limit, deliveries);
        }
        while (deliveries.size() < limit) {
            Queued queued = ready.poll();
            if (queued == null && !keyed) {
                queued = inbox.poll();
            }
            if (queued == null) {
                break;
            }
            if (alive(queued)) {
                handOut(new MemoryDelivery(queued, member, null), deliveries);
            }
        }
        return deliveries;
    }

    private void fillFromLanes(MemoryConsumer member, Set<KeyLane> from, int limit, List<MemoryDelivery> deliveries) {
        while (deliveries.size() < limit && !from.isEmpty()) {
            KeyLane lane = from.iterator().next();
            from.remove(lane);
            Queued queued = lane.waiting.poll();
            while (queued != null) {
                if (alive(queued)) {
                    MemoryDelivery delivery = new MemoryDelivery(queued, member, lane);
                    lane.owner = member;
                    lane.handOut(delivery);
                    handOut(delivery, deliveries);
                }
                queued = deliveries.size() < limit ? lane.waiting.poll() : null;
            }
            list(lane);
        }
    }

    private static void handOut(MemoryDelivery delivery, List<MemoryDelivery> deliveries) {
        delivery.consumer.remember(delivery);
        deliveries.add(delivery);
    }

    private boolean alive(Queued queued) {
        Instant expiresAt = queued.expiresAt();
        if (expiresAt == null || time.now().isBefore(expiresAt)) {
            return true;
        }
        gone.add(queued);
        return false;
    }

    private boolean canWork() {
        lock.lock();
        try {
            if (keyed && !inbox.isEmpty()) {
                return true;
            }
            boolean forAnybody = !ready.isEmpty() || !free.isEmpty() || !inbox.isEmpty();
            for (MemoryConsumer member : members) {
                if (member.room() > 0 && (forAnybody || !member.lanes.isEmpty())) {
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    // ---- what becomes of deliveries

    /** Ends a delivery whose message was handled. */
    void done(MemoryDelivery delivery) {
        KeyLane lane = delivery.lane;
        if (lane != null) {
            locked(() -> change(lane, () -> lane.done(delivery)));
        }
        delivery.consumer.ended(1);
        settle(delivery.queued);
        if (starved) {
            wake();
        }
    }

    /** Puts a message back. */
    void release(MemoryDelivery delivery) {
        lock.lock();
        try {
            if (!delivery.current()) {
                return;
            }
            takeBack(delivery, ready::addLast);
        } finally {
            lock.unlock();
        }
        if (retired) {
            discard();
        } else {
            wake();
        }
    }

    /** Lets another message have the place of one. */
    void park(MemoryDelivery delivery) {
        locked(delivery::leavePlace);
        wake();
    }

    private void takeBack(MemoryDelivery delivery, Consumer<Queued> withoutLane) {
        KeyLane lane = delivery.lane;
        if (lane != null) {
            change(lane, () -> delivery.consumer.ended(lane.takeBack(delivery)));
        } else if (delivery.finish()) {
            withoutLane.accept(delivery.queued);
            delivery.consumer.ended(1);
        }
    }

    /** Changes a lane, and lists it where it belongs afterwards. */
    private void change(KeyLane lane, Runnable change) {
        MemoryConsumer owner = lane.owner;
        change.run();
        if (owner != null && lane.owner == null) {
            owner.lanes.remove(lane);
        }
        list(lane);
        starved |= !lane.waiting.isEmpty();
    }

    private void settle(Queued queued) {
        backlog.removed();
        Confirmation confirmation = queued.confirmation();
        if (confirmation != null) {
            confirmation.done();
        }
    }

    // ---- members

    /** Adds a member, unless the group has ended. */
    boolean join(MemoryConsumer consumer) {
        lock.lock();
        try {
            if (retired) {
                return false;
            }
            keyed |= consumer.request().ordering() == Ordering.KEY;
            MemoryConsumer[] more = Arrays.copyOf(members, members.length + 1);
            more[members.length] = consumer;
            members = more;
        } finally {
            lock.unlock();
        }
        wake();
        return true;
    }

    void keepOrderOfKeys() {
        locked(() -> keyed = true);
    }

    /** Takes back everything that a member has. */
    void leave(MemoryConsumer consumer) {
        lock.lock();
        try {
            members = Arrays.stream(members)
                    .filter((member) -> member != consumer)
                    .toArray(MemoryConsumer[]::new);
            turn = 0;
            for (Iterator<MemoryDelivery> last = consumer.handedOut.descendingIterator(); last.hasNext(); ) {
                MemoryDelivery delivery = last.next();
                if (delivery.current()) {
                    takeBack(delivery, ready::addFirst);
                }
            }
            consumer.handedOut.clear();
        } finally {
            lock.unlock();
        }
        wake();
    }

    /** Takes no more messages, if there is no member. */
    boolean retire() {
        lock.lock();
        try {
            retired = members.length == 0;
            return retired;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything that waits. */
    void discard() {
        lock.lock();
        try {
            for (KeyLane lane : lanes.values()) {
                gone.addAll(lane.waiting);
            }
            lanes.clear();
            free.clear();
            gone.addAll(ready);
            ready.clear();
            for (Queued queued = inbox.poll(); queued != null; queued = inbox.poll()) {
                gone.add(queued);
            }
        } finally {
            unlock();
        }
    }

    /** Copies what waits to a group that nobody sends to yet. */
    void copyTo(Group other) {
        lock.lock();
        try {
            for (Queued queued = inbox.poll(); queued != null; queued = inbox.poll()) {
                ready.add(queued);
            }
            for (Queued queued : ready) {
                var unused = other.offer(
                        new Queued(queued.message, queued.expiresAt(), null), MemoryBindingOptions.defaults());
            }
        } finally {
            lock.unlock();
        }
    }

    int size() {
        return backlog.size();
    }

    private void unlock() {
        if (gone.isEmpty()) {
            lock.unlock();
            return;
        }
        List<Queued> settled = List.copyOf(gone);
        gone.clear();
        lock.unlock();
        settled.forEach(this::settle);
    }

    void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
