// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.shedlock;

import io.mecha.coordination.DistributedLock;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.LeaseLostException;
import io.mecha.coordination.LockOptions;
import java.time.Duration;
import java.util.Optional;
import net.javacrumbs.shedlock.core.AbstractSimpleLock;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;

/** A provider of locks for ShedLock; they end at {@code lockAtMostFor} unless they are extended, as ShedLock has it. */
final class ShedLockProvider implements ExtensibleLockProvider {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final DistributedLocks locks;

    ShedLockProvider(DistributedLocks locks) {
        this.locks = locks;
    }

    @Override
    public Optional<SimpleLock> lock(LockConfiguration configuration) {
        Duration lease = atLeastASecond(configuration.getLockAtMostFor());
        LockOptions options = LockOptions.defaults()
                .renew(false)
                .lease(lease)
                .atLeast(shorter(configuration.getLockAtLeastFor(), lease));
        DistributedLock lock = locks.lock(configuration.getName(), options);
        return lock.tryAcquire().map((held) -> new Held(configuration, held, System.nanoTime()));
    }

    private static Duration atLeastASecond(Duration duration) {
        return duration.compareTo(SHORTEST) < 0 ? SHORTEST : duration;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** A lock that is held. */
    private static final class Held extends AbstractSimpleLock {

        private final HeldLock held;

        /** The nanosecond until which nobody else may get it, as an extension demands. */
        private final long least;

        Held(LockConfiguration configuration, HeldLock held, long least) {
            super(configuration);
            this.held = held;
            this.least = least;
        }

        /** Gives it back, unless it must not be yet: then it ends by itself, since nothing renews it. */
        @Override
        protected void doUnlock() {
            if (System.nanoTime() - least >= 0) {
                held.close();
            }
        }

        @Override
        protected Optional<SimpleLock> doExtend(LockConfiguration extended) {
            try {
                held.extend(atLeastASecond(extended.getLockAtMostFor()));
                long end = System.nanoTime() + extended.getLockAtLeastFor().toNanos();
                return Optional.of(new Held(extended, held, end - least >= 0 ? end : least));
            } catch (LeaseLostException lost) {
                return Optional.empty();
            }
        }
    }
}
