// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.runtime.ElapsedTime;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** The queue of each lock that somebody on this node holds or wants: one for each name, there for as long as it is needed. */
final class LockQueues {

    private final ElapsedTime time;
    private final ConcurrentMap<String, LockQueue> queues = new ConcurrentHashMap<>();
    private volatile boolean closed;

    LockQueues(ElapsedTime time) {
        this.time = time;
    }

    /** Use the queue of a lock; {@link #leave} has to follow. */
    LockQueue enter(String name) {
        LockQueue entered = queues.compute(name, (key, present) -> {
            LockQueue queue = present == null ? new LockQueue(key, time) : present;
            queue.users++;
            return queue;
        });
        if (closed) {
            leave(entered);
            throw InvalidCoordinationRequestException.closed(name);
        }
        return entered;
    }

    /** Use the queue of a lock no more. */
    void leave(LockQueue queue) {
        queues.computeIfPresent(queue.name(), (key, present) -> --present.users == 0 ? null : present);
    }

    /** Return the queue of a lock; {@code null} if nobody holds or wants it. */
    @Nullable LockQueue find(String name) {
        return queues.get(name);
    }

    int count() {
        return queues.size();
    }

    void close() {
        closed = true;
        queues.values().forEach(LockQueue::close);
    }
}
