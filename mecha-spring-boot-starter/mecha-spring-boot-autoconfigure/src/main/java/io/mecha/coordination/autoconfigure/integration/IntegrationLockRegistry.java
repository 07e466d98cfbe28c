// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.integration;

import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.HeldLock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.integration.support.locks.DistributedLock;
import org.springframework.integration.support.locks.RenewableLockRegistry;

/** A registry of locks for Spring Integration; a key's lock has the name that {@code toString()} of the key returns. */
final class IntegrationLockRegistry implements RenewableLockRegistry<DistributedLock> {

    private final DistributedLocks locks;

    /** The locks of each thread, last acquired first; a lock may be acquired on one object and given back on another of the same key. */
    private final ConcurrentMap<Owner, Deque<HeldLock>> held = new ConcurrentHashMap<>();

    IntegrationLockRegistry(DistributedLocks locks) {
        this.locks = locks;
    }

    @Override
    public DistributedLock obtain(Object key) {
        return new IntegrationLock(this, locks, key.toString());
    }

    @Override
    public void renewLock(Object key) {
        HeldLock own = own(key);
        own.extend(locks.lock(own.name()).options().lease());
    }

    @Override
    public void renewLock(Object key, Duration timeToLive) {
        own(key).extend(timeToLive);
    }

    private HeldLock own(Object key) {
        Deque<HeldLock> own = held.get(new Owner(key.toString(), Thread.currentThread()));
        if (own == null) {
            throw new IllegalStateException("This thread does not hold lock '%s'.".formatted(key));
        }
        return own.element();
    }

    void acquired(String name, HeldLock lock) {
        // No other thread touches what is of this one.
        held.computeIfAbsent(new Owner(name, Thread.currentThread()), (missing) -> new ArrayDeque<>())
                .push(lock);
    }

    /** Removes what this thread acquired last under a name; {@code null} if it holds nothing of the name. */
    @Nullable HeldLock giveBack(String name) {
        Owner owner = new Owner(name, Thread.currentThread());
        Deque<HeldLock> own = held.get(owner);
        if (own == null) {
            return null;
        }
        HeldLock last = own.pop();
        if (own.isEmpty()) {
            held.remove(owner);
        }
        return last;
    }

    /** A thread that holds the lock of a name. */
    private record Owner(String name, Thread thread) {}
}
