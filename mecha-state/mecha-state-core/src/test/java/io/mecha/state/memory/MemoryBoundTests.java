// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.PageRequest;
import io.mecha.runtime.ElapsedTime;
import io.mecha.state.Precondition;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Value;
import io.mecha.test.Eventually;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MemoryBoundTests {

    private static final long BOUND = 10;

    private final TestClock clock = new TestClock();

    private final MemoryStateBackend backend = new MemoryStateBackend("test", clock, new MemoryStateOptions(BOUND));

    @Test
    void keepsAsManyKeysAsTheBoundAllows() {
        putAll(keys("key-", 100));

        assertThat(backend.storedEntries()).isLessThanOrEqualTo((int) BOUND);
        assertThat(backend.readAll(keys("key-", 100))).hasSize((int) BOUND);
    }

    @Test
    void scansOnlyWhatItKept() {
        putAll(keys("key-", 100));

        List<String> scanned = backend.capabilities()
                .find(KeyScan.class)
                .orElseThrow()
                .keys("", PageRequest.first(1_000))
                .items();

        assertThat(scanned)
                .containsExactlyInAnyOrderElementsOf(
                        backend.readAll(keys("key-", 100)).keySet());
    }

    @Test
    void tellsOfForgottenKeys() {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        backend.capabilities()
                .find(ChangeNotifications.class)
                .orElseThrow()
                .listen("", new ChangeNotifications.Listener() {
                    @Override
                    public void changed(String key) {
                        heard.add(key);
                    }

                    @Override
                    public void missed() {}
                });

        putAll(keys("key-", 100));

        Eventually.eventually(Duration.ofMinutes(1), () -> assertThat(heard).hasSize(100 + 100 - (int) BOUND));
    }

    @Test
    void neverForgetsAKeyInTheHandsOfATransaction() {
        Slots slots = new Slots(ElapsedTime.of(clock), BOUND, key -> {});
        TreeSet<String> held = new TreeSet<>(keys("held-", 2 * (int) BOUND));
        try (Hold hold = Hold.take(slots, held)) {
            IntStream.range(0, 1_000).forEach(i -> slots.compareAndSet("key-" + i, null, Slot.Stored.lasting(entry())));

            assertThat(hold.keys())
                    .allSatisfy((key, slot) -> assertThat(slots.get(key)).isSameAs(slot));
            assertThat(slots.size()).isEqualTo(3 * (int) BOUND);
        }
    }

    private static Entry entry() {
        return new Entry(Value.of(new byte[0]), "version", null);
    }

    private void putAll(List<String> keys) {
        keys.forEach(key -> backend.write(new Put(key, Value.of(new byte[1]), null, Precondition.NONE)));
    }

    private static List<String> keys(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
