// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.coordination.HeldLock;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.test.Together;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** In real time, because the shares of nodes are made by rests. */
class FairShareTests {

    private static final Duration HOLD = Duration.ofMillis(5);
    private static final Duration RUN = Duration.ofSeconds(5);

    @Test
    void letsEachNodeHaveItsShare() throws Exception {
        StateStoreComponent store = StateStoreComponent.builder(
                        "locks", "memory", new MemoryStateBackend(InstantSource.system()), JacksonCodecs.standard())
                .build();
        List<Coordination> nodes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            nodes.add(Coordination.builder(store).turn(Duration.ofMillis(250)).build());
        }
        AtomicInteger inside = new AtomicInteger();
        long end = System.nanoTime() + RUN.toNanos();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Coordination node = nodes.get(i % 4 % 3); // the first node has twice as many threads
            tasks.add(() -> {
                int had = 0;
                while (System.nanoTime() < end) {
                    HeldLock held = node.locks().lock("name").acquire();
                    assertThat(inside.incrementAndGet()).isEqualTo(1);
                    LockSupport.parkNanos(HOLD.toNanos());
                    inside.decrementAndGet();
                    held.close();
                    had++;
                }
                return had;
            });
        }

        List<Integer> had = Together.run(tasks);

        List<Integer> shares = List.of(had.get(0) + had.get(3) + had.get(4), had.get(1) + had.get(5), had.get(2));
        int all = had.stream().mapToInt(count -> count).sum();
        assertThat(all).isGreaterThan(60);
        assertThat(shares)
                .allSatisfy(share -> assertThat(share).as("of %d in all", all).isGreaterThan(all / 20));
        nodes.forEach(Coordination::close);
    }
}
