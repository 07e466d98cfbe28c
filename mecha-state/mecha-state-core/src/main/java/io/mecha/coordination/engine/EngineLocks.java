// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.DistributedLock;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LockOptions;

/** The locks of this node. */
final class EngineLocks implements DistributedLocks {

    private final LeaseKeeper keeper;
    private final Guard guard;
    private final LockQueues queues;
    private final Turns turns;
    private final String prefix;
    private final LockOptions defaults;

    EngineLocks(LeaseKeeper keeper, Guard guard, Turns turns, String prefix, LockOptions defaults) {
        this.keeper = keeper;
        this.guard = guard;
        this.turns = turns;
        this.prefix = prefix;
        this.defaults = defaults;
        this.queues = new LockQueues(keeper.time());
    }

    @Override
    public DistributedLock lock(String name) {
        return lock(name, defaults);
    }

    @Override
    public DistributedLock lock(String name, LockOptions options) {
        if (options.atLeast().compareTo(options.lease()) > 0) {
            throw InvalidCoordinationRequestException.duration(
                    "least time to hold", options.atLeast(), "no more than the lease of " + options.lease());
        }
        return new EngineLock(this, Names.check("lock", name), prefix + name, options);
    }

    LeaseKeeper keeper() {
        return keeper;
    }

    Guard guard() {
        return guard;
    }

    LockQueues queues() {
        return queues;
    }

    Turns turns() {
        return turns;
    }

    void giveBack(LockHandle.Possession possession) {
        long now = keeper.time().nanos();
        long held = now - possession.since();
        try {
            keeper.end(possession.lease(), possession.atLeast().minusNanos(held));
            turns.ended(possession.queue().name(), held, keeper.time().nanos());
        } finally {
            possession.hold().over();
        }
    }

    int waiting(String name) {
        LockQueue queue = queues.find(name);
        return queue == null ? 0 : queue.waiting();
    }

    int names() {
        return queues.count();
    }

    void close() {
        queues.close();
    }
}
