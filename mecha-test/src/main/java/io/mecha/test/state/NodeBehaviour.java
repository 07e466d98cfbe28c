// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static io.mecha.test.state.ConcurrencyBehaviour.callers;
import static io.mecha.test.state.ConcurrencyBehaviour.increment;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Conflict;
import io.mecha.state.WriteResult.Removed;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.Together;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

abstract class NodeBehaviour extends StateGroup {

    private static final int CALLERS = 4;
    private static final int ROUNDS = 25;

    NodeBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void readsWhatAnotherNodeWrote() {
        StateBackend other = anotherNode();
        String version = written(put("key", "value", LONG));

        Entry entry = Objects.requireNonNull(other.read("key"));

        assertThat(text(entry)).isEqualTo("value");
        assertThat(entry.version()).isEqualTo(version);
        assertThat(entry.expiresAt()).isEqualTo(stored("key").expiresAt());
    }

    @Test
    void refusesAVersionThatAnotherNodeReplaced() {
        StateBackend other = anotherNode();
        String stale = written(put("key", "old"));
        String actual = version(other.write(replace("key", "current", stale)));

        assertThat(write(replace("key", "new", stale))).isEqualTo(new Conflict(stale, actual));
        assertThat(other.write(remove("key"))).isEqualTo(new Removed(true));
        assertThat(write(remove("key", actual))).isEqualTo(new Conflict(actual, null));
    }

    @Test
    void neverRepeatsAVersionOnAnotherNode() {
        StateBackend other = anotherNode();
        Set<String> versions = new HashSet<>();

        for (int i = 0; i < ROUNDS; i++) {
            versions.add(written(put("key", "value")));
            versions.add(version(other.write(put("key", "value"))));
            other.write(remove("key"));
        }

        assertThat(versions).hasSize(2 * ROUNDS);
    }

    @Test
    void losesNoIncrementOfSeveralNodes() throws Exception {
        List<StateBackend> nodes = List.of(backend(), anotherNode());
        write(put("counter", "0"));

        Together.run(callers(CALLERS, caller -> {
            for (int i = 0; i < ROUNDS; i++) {
                increment(nodes.get(caller % nodes.size()), "counter");
            }
            return "done";
        }));

        assertThat(text("counter")).isEqualTo(Integer.toString(CALLERS * ROUNDS));
    }

    @Test
    void letsExactlyOneNodePutIfAbsent() throws Exception {
        List<StateBackend> nodes = List.of(backend(), anotherNode());

        for (int round = 0; round < ROUNDS; round++) {
            String key = "key-" + round;
            List<WriteResult> results = Together.run(
                    callers(CALLERS, caller -> nodes.get(caller % nodes.size()).write(putIfAbsent(key, "value"))));

            assertThat(results).filteredOn(WriteResult::applied).hasSize(1);
        }
    }

    @Test
    void keepsValuesWhenTheNodeThatWroteThemIsGone() {
        StateBackend other = anotherNode();
        write(put("key", "value"));

        backend().close();

        assertThat(other.read("key")).isNotNull().extracting(StateGroup::text).isEqualTo("value");
        assertThat(other.write(put("key", "new")).applied()).isTrue();
    }
}
