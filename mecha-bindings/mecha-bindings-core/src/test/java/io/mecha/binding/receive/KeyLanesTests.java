// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyLanesTests {

    @Test
    @SuppressWarnings("NullAway") // lanes look at neither delivery nor target
    void handlesEachEventOfALaneOnceWhenProducersAndWorkersRace() throws InterruptedException {
        KeyLanes lanes = new KeyLanes();
        int total = 200_000;
        AtomicInteger done = new AtomicInteger();
        ConcurrentLinkedQueue<Work> ready = new ConcurrentLinkedQueue<>();
        Thread worker = new Thread(() -> {
            while (done.get() < total) {
                Work work = ready.poll();
                if (work != null) {
                    done.incrementAndGet();
                    Work next = lanes.leave(work);
                    if (next != null) {
                        ready.add(next);
                    }
                }
            }
        });
        worker.start();
        for (int number = 0; number < total; number++) {
            Work work = new Work(null, null);
            if (lanes.enter(work, "k" + number % 2)) {
                ready.add(work);
            }
        }
        worker.join(20_000);

        assertThat(done).hasValue(total);
        assertThat(lanes.size()).isZero();
    }
}
