// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoadTests {

    private static final Pace SHORT = Pace.of("rounds=3", "seconds=0.005", "warm-up=0.005");

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final KeyValueStore<String> store = StateStoreComponent.builder(
                    "load", "memory", new MemoryStateBackend(InstantSource.system()), JacksonCodecs.standard())
            .build()
            .store(String.class);

    @Test
    void printsTableAndTargetsOfAComparison() throws InterruptedException {
        Comparison comparison = new Comparison("put in memory", 2)
                .with("one", (thread, draw) -> store.put("one", "value"))
                .with("other", (thread, draw) -> store.put("other-" + thread, "value"))
                .throughputAtLeast(0.000_001)
                .clientCpuAtMostPlus(1_000_000);

        run(SHORT, comparison);

        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("#### put in memory, 2 threads")
                .contains("| one |", "| other |")
                .contains("put in memory, 2 threads: other | throughput ≥")
                .doesNotContain("missed");
        assertThat(store.get("other-1")).contains("value");
    }

    @Test
    void leavesOutWhatWasNotAskedFor() throws InterruptedException {
        Comparison comparison =
                new Comparison("put in memory", 1).with("one", (thread, draw) -> store.put("one", "value"));

        run(Pace.of("rounds=1", "seconds=0.001", "warm-up=0.001", "only=get"), comparison);

        assertThat(output.size()).isZero();
        assertThat(store.get("one")).isEmpty();
    }

    @Test
    void measuresTheStretchOfARun() throws InterruptedException {
        Comparison comparison = new Comparison("fill", 1)
                .withRun("one", stretch -> {
                    stretch.begin();
                    store.put("one", "value");
                    stretch.end(1);
                })
                .withRun("other", stretch -> {
                    stretch.begin();
                    store.put("other", "value");
                    stretch.end(1_000_000_000);
                })
                .throughputAtLeast(2, "one")
                .perSecondAtLeast(1_000);

        run(SHORT, comparison);

        assertThat(output.toString(StandardCharsets.UTF_8))
                .contains("fill, 1 thread: other | throughput ≥ 2.00 × one |")
                .contains("fill, 1 thread: other | calls/s ≥ 1,000 |")
                .doesNotContain("missed");
    }

    @Test
    void refusesARunThatDoesNotSayWhatItDid() {
        Comparison comparison = new Comparison("fill", 1).withRun("one", Stretch::begin);

        assertThatIllegalStateException()
                .isThrownBy(() -> run(SHORT, comparison))
                .withMessage("A run of 'one' did not say what it did");
    }

    @Test
    void comparesDurationsOfCalls() throws InterruptedException {
        Comparison comparison = new Comparison("put in memory", 1)
                .with("one", (thread, draw) -> store.put("one", "value"))
                .with("other", (thread, draw) -> store.put("other", "value"))
                .latencyAtMost(1_000_000)
                .latencyAtMost(Duration.ofMinutes(1))
                .latencyAtMost(Duration.ofNanos(1));

        run(SHORT, comparison);

        assertThat(output.toString(StandardCharsets.UTF_8))
                .containsPattern("p50 ≤ 1,000,000 × one \\| [^|]+ \\| reached")
                .containsPattern("p50 µs ≤ 60,000,000 \\| [^|]+ \\| reached")
                .containsPattern("p50 µs ≤ 0.00 \\| [^|]+ \\| \\*\\*missed");
    }

    @Test
    void endsWithTheFailureOfACall() {
        Comparison comparison = new Comparison("fail", 2).with("one", (thread, draw) -> {
            throw new IOException("as expected");
        });

        assertThatIllegalStateException()
                .isThrownBy(() -> run(SHORT, comparison))
                .withMessage("A call of 'one' failed")
                .withRootCauseInstanceOf(IOException.class);
    }

    @Test
    void refusesUnknownOptions() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pace.of("round=3"))
                .withMessage("Not rounds=, seconds=, warm-up= or only=: round=3");
    }

    private void run(Pace pace, Comparison comparison) throws InterruptedException {
        try (PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            new Load(pace, out, List.of(CpuMeter.ofProcess("itself", ProcessHandle.current())))
                    .run(List.of(comparison));
        }
    }
}
