// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The lock or leadership under which the code of this thread runs: the innermost {@code @Locked} or {@code @LeaderOnly} method.
 *
 * @since 1.0
 */
public final class CurrentLease {

    private static final ThreadLocal<@Nullable Frame> CURRENT = new ThreadLocal<>();

    private record Frame(HeldLease lease, @Nullable Frame outer) {}

    private CurrentLease() {}

    /**
     * Return the lock or leadership of this thread.
     *
     * @return empty if no such method is running on this thread
     */
    public static Optional<HeldLease> find() {
        return Optional.ofNullable(CURRENT.get()).map(Frame::lease);
    }

    /**
     * Tell whether the code of this thread runs under a lock or leadership, whatever is in between.
     *
     * @param lease the lock or leadership
     * @return whether it is that of one of the methods that run
     */
    public static boolean isUnder(HeldLease lease) {
        Frame frame = CURRENT.get();
        while (frame != null && !frame.lease().equals(lease)) {
            frame = frame.outer();
        }
        return frame != null;
    }

    /**
     * Return the lock or leadership of this thread.
     *
     * @return never {@code null}
     * @throws IllegalStateException if no such method is running on this thread
     */
    public static HeldLease get() {
        return find().orElseThrow(
                        () -> new IllegalStateException(
                                "This thread runs under no lock and no leadership: call it from a method with @Locked or @LeaderOnly."));
    }

    /**
     * Run something under a lock or leadership.
     *
     * @param <T> type of the result
     * @param lease the lock or leadership
     * @param work what to run on this thread
     * @return what it returned
     * @throws Exception what it threw
     */
    public static <T extends @Nullable Object> T call(HeldLease lease, Callable<T> work) throws Exception {
        Objects.requireNonNull(lease, "lease");
        Frame before = CURRENT.get();
        CURRENT.set(new Frame(lease, before));
        try {
            return work.call();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }
}
