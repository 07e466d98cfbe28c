// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.Message;
import io.mecha.runtime.ElapsedTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A destination, with its senders and groups. */
final class Destination {

    private final ElapsedTime time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final AtomicInteger delayed = new AtomicInteger();

    /** Keeps what is sent while there is no group, and becomes the first that wants it. */
    private @Nullable Group nameless;

    /** The groups, or the nameless one while there is none. Never empty. */
    private volatile Group[] targets;

    Destination(ElapsedTime time) {
        this.time = time;
        nameless = new Group(time);
        targets = new Group[] {nameless};
    }

    /**
     * Queues a message for each group.
     *
     * @return completes when there is room for it in all of them; {@code null} if there is already
     */
    @Nullable CompletableFuture<Void> publish(
            Message message, @Nullable Confirmation confirmation, MemoryBindingOptions options) {
        Duration timeToLive = message.timeToLive();
        Instant expiresAt = timeToLive == null ? null : time.now().plus(timeToLive);
        Group[] current = targets;
        if (confirmation != null) {
            confirmation.expect(current.length);
        }
        CompletableFuture<Void> room = null;
        for (Group group : current) {
            CompletableFuture<Void> more = group.offer(new Queued(message, expiresAt, confirmation), options);
            if (more != null) {
                room = room == null ? more : CompletableFuture.allOf(room, more);
            }
        }
        return room;
    }

    /** Counts a message that will be published later, unless there are too many. */
    boolean delay(int limit) {
        if (delayed.incrementAndGet() > limit) {
            delayed.decrementAndGet();
            return false;
        }
        return true;
    }

    void publishDelayed(Message message, @Nullable Confirmation confirmation, MemoryBindingOptions options) {
        delayed.decrementAndGet();
        var unused = publish(message, confirmation, options);
    }

    /**
     * Finds a group or makes it.
     *
     * @param fromBeginning whether a new group gets what was sent before there was any
     * @param ephemeral whether a new group ends with its last member, and only copies what was sent before
     */
    Group group(String name, boolean fromBeginning, boolean ephemeral) {
        lock.lock();
        try {
            Group group = groups.get(name);
            if (group == null) {
                group = make(fromBeginning, ephemeral);
                groups.put(name, group);
                targets = groups.values().toArray(new Group[0]);
                if (ephemeral && fromBeginning && nameless != null) {
                    nameless.copyTo(group);
                }
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private Group make(boolean fromBeginning, boolean ephemeral) {
        if (ephemeral || !fromBeginning || nameless == null) {
            return new Group(time);
        }
        Group first = nameless;
        nameless = null;
        return first;
    }

    /** Forgets a group that has no members any more. */
    void end(String name) {
        Group group;
        lock.lock();
        try {
            group = groups.get(name);
            if (group == null || !group.retire()) {
                return;
            }
            groups.remove(name);
            List<Group> left = new ArrayList<>(groups.values());
            if (left.isEmpty()) {
                nameless = nameless == null ? new Group(time) : nameless;
                left.add(nameless);
            }
            targets = left.toArray(new Group[0]);
        } finally {
            lock.unlock();
        }
        group.discard();
    }

    OptionalLong lag(String name) {
        lock.lock();
        try {
            Group group = groups.get(name);
            return group == null ? OptionalLong.empty() : OptionalLong.of(group.size());
        } finally {
            lock.unlock();
        }
    }
}
