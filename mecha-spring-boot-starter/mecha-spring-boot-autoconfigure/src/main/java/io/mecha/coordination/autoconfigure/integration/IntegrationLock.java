// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.integration;

import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.LockNotAcquiredException;
import io.mecha.coordination.LockOptions;
import java.time.Duration;
import java.util.ConcurrentModificationException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.function.UnaryOperator;
import org.springframework.integration.support.locks.DistributedLock;

/** A lock as Spring Integration sees it: reentrant, and given back by the thread that acquired it. */
final class IntegrationLock implements DistributedLock {

    private static final Duration FOREVER = Duration.ofDays(366);

    private final IntegrationLockRegistry registry;
    private final DistributedLocks locks;
    private final String name;

    IntegrationLock(IntegrationLockRegistry registry, DistributedLocks locks, String name) {
        this.registry = registry;
        this.locks = locks;
        this.name = name;
    }

    @Override
    public void lock() {
        lock((options) -> options);
    }

    @Override
    public void lock(Duration timeToLive) {
        lock((options) -> options.lease(timeToLive).renew(false));
    }

    private void lock(UnaryOperator<LockOptions> own) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (acquire(own, FOREVER)) {
                        return;
                    }
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void lockInterruptibly() throws InterruptedException {
        while (!acquire((options) -> options, FOREVER)) {
            // Nobody waits for a year without an end.
        }
    }

    @Override
    public boolean tryLock() {
        Optional<HeldLock> held = mecha((options) -> options).tryAcquire();
        held.ifPresent((lock) -> registry.acquired(name, lock));
        return held.isPresent();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) throws InterruptedException {
        return acquire((options) -> options, Duration.ofNanos(Math.min(unit.toNanos(time), FOREVER.toNanos())));
    }

    @Override
    public boolean tryLock(Duration waitTime, Duration timeToLive) throws InterruptedException {
        return acquire((options) -> options.lease(timeToLive).renew(false), waitTime);
    }

    private boolean acquire(UnaryOperator<LockOptions> own, Duration wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            Optional<HeldLock> held = mecha(own).tryAcquire(wait.isNegative() ? Duration.ZERO : wait);
            held.ifPresent((lock) -> registry.acquired(name, lock));
            return held.isPresent();
        } catch (LockNotAcquiredException notAcquired) {
            if (Thread.interrupted()) {
                throw new InterruptedException(notAcquired.getMessage());
            }
            return false;
        }
    }

    private io.mecha.coordination.DistributedLock mecha(UnaryOperator<LockOptions> own) {
        LockOptions defaults = locks.lock(name).options();
        return locks.lock(name, own.apply(defaults).reentrant(true));
    }

    @Override
    public void unlock() {
        HeldLock held = registry.giveBack(name);
        if (held == null) {
            throw new IllegalMonitorStateException("This thread does not hold lock '%s'.".formatted(name));
        }
        boolean valid = held.isValid();
        held.close();
        if (!valid) {
            throw new ConcurrentModificationException(
                    "Lock '%s' was lost before it was given back; somebody else may have had it.".formatted(name));
        }
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException(
                "Lock '%s' is shared between nodes and has no conditions: give it back, and try again with tryLock(time, unit)."
                        .formatted(name));
    }
}
