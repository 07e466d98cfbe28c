// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.kafka;

import io.mecha.benchmarks.load.Stretch;
import io.mecha.benchmarks.workload.Order;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts what was handled; what counts begins when a quarter was, so that joining a group does not. */
final class Progress {

    private static final int PATIENCE_SECONDS = 120;
    private static final int QUARTER = 4;

    private final Stretch stretch;
    private final int total;
    private final AtomicInteger handled = new AtomicInteger();
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile int begun;

    Progress(Stretch stretch, int total) {
        this.stretch = stretch;
        this.total = total;
    }

    void handled(@Nullable Order order) {
        if (order == null || order.quantity() == 0) {
            throw new IllegalStateException("Not what was sent");
        }
        int now = handled.incrementAndGet();
        if (now == total / QUARTER) {
            begun = now;
            stretch.begin();
        } else if (now == total) {
            stretch.end((long) total - begun);
            done.countDown();
        }
    }

    void await() throws InterruptedException, TimeoutException {
        if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("%d of %d were handled".formatted(handled.get(), total));
        }
    }
}
