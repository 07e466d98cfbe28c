// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.FencingToken;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LeaseLostException;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lock as it was handed to one caller. */
final class LockHandle implements HeldLock {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(Leases.MAXIMUM_DAYS);

    private final EngineLock lock;
    private final Possession possession;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * The state that the handles of one thread share.
     *
     * @param lease the lease
     * @param hold who has it
     * @param queue the queue that waits for it
     * @param since nanosecond of the grant
     * @param atLeast for how long nobody else gets it
     */
    record Possession(KeptLease lease, Hold hold, LockQueue queue, long since, Duration atLeast) {}

    LockHandle(EngineLock lock, Possession possession) {
        this.lock = lock;
        this.possession = possession;
    }

    @Override
    public String name() {
        return lock.name();
    }

    @Override
    public FencingToken token() {
        return possession.lease().token();
    }

    @Override
    public boolean isValid() {
        return !closed.get() && possession.lease().isValid();
    }

    @Override
    public boolean isLost() {
        return possession.lease().isLost();
    }

    @Override
    public void assertValid() {
        if (closed.get()) {
            throw new LeaseLostException(name(), token(), "it was given back");
        }
        possession.lease().assertValid();
    }

    @Override
    public Duration remaining() {
        return closed.get() ? Duration.ZERO : possession.lease().remaining();
    }

    @Override
    public void guard() {
        lock.engine().guard().check(name(), token());
    }

    @Override
    public void onLost(Runnable action) {
        if (!closed.get()) {
            possession.lease().onLost(() -> {
                if (!closed.get()) {
                    action.run();
                }
            });
        }
    }

    @Override
    public void extend(Duration atLeast) {
        if (atLeast.compareTo(LEAST) < 0 || atLeast.compareTo(MOST) > 0) {
            throw InvalidCoordinationRequestException.duration("extension", atLeast, "one second to 366 days");
        }
        assertValid();
        lock.engine().keeper().extend(possession.lease(), atLeast);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && possession.queue().leave(possession.hold())) {
            lock.engine().giveBack(possession);
        }
    }

    @Override
    public String toString() {
        return "HeldLock[name=%s, token=%d, valid=%s]".formatted(name(), token().value(), isValid());
    }
}
