// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.WriteResult.Removed;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Value;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

abstract class ValueBehaviour extends StateGroup {

    private static final int LARGE = 10 * 1024 * 1024;
    private static final int ALL_BYTES = 256;

    ValueBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void returnsNothingForAKeyThatWasNeverWritten() {
        assertThat(backend().read("never")).isNull();
    }

    @Test
    void returnsWhatWasWritten() {
        write(put("key", "value"));

        assertThat(text("key")).isEqualTo("value");
        assertThat(stored("key").expiresAt()).isNull();
    }

    @Test
    void returnsTheLastOfSeveralWrites() {
        write(put("key", "first"));
        write(put("key", "a longer second"));
        write(put("key", "3rd"));

        assertThat(text("key")).isEqualTo("3rd");
    }

    @Test
    void leavesOtherKeysAlone() {
        write(put("key", "value"));
        write(put("other", "other value"));

        write(remove("key"));

        assertThat(text("other")).isEqualTo("other value");
    }

    @Test
    void keepsAnEmptyValueApartFromNone() {
        write(put("key", ""));

        assertThat(stored("key").value().bytes()).isEmpty();
        assertThat(backend().readAll(List.of("key"))).containsOnlyKeys("key");
    }

    @Test
    void keepsEveryByte() {
        byte[] bytes = new byte[ALL_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        assertKept("key", bytes);
    }

    @Test
    void keepsBytesThatLookLikeSomethingElse() {
        for (String text :
                List.of("null", "true", "42", "\"quoted\"", "{\"a\":1}", "", " ", "\r\n", "\\x00", "\u0000")) {
            write(put("key", text));

            assertThat(text("key")).isEqualTo(text);
        }
    }

    @Test
    void keepsALargeValue() {
        byte[] bytes = new byte[Math.min(LARGE, backend().maximumValueSize())];
        new Random(42).nextBytes(bytes);

        assertKept("key", bytes);
    }

    @Test
    void keepsALargeValueOfZeros() {
        assertKept("key", new byte[Math.min(LARGE, backend().maximumValueSize())]);
    }

    @Test
    void shrinksAndGrowsAValue() {
        for (int size : new int[] {100_000, 1, 70_000, 0, 10}) {
            assertKept("key", new byte[size]);
        }
    }

    private void assertKept(String key, byte[] bytes) {
        write(new Put(key, Value.of(bytes.clone()), null, Precondition.NONE));

        Map<String, Entry> all = backend().readAll(List.of(key));
        assertThat(stored(key).value().bytes()).isEqualTo(bytes);
        assertThat(all).containsOnlyKeys(key);
        assertThat(all.get(key)).extracting(entry -> entry.value().bytes()).isEqualTo(bytes);
    }

    @Test
    void tellsWhetherARemovedKeyHadAValue() {
        write(put("key", "value"));

        assertThat(write(remove("key"))).isEqualTo(new Removed(true));
        assertThat(write(remove("key"))).isEqualTo(new Removed(false));
        assertThat(backend().read("key")).isNull();
    }

    @Test
    void storesAgainWhatWasRemoved() {
        write(put("key", "first"));
        write(remove("key"));

        write(put("key", "second"));

        assertThat(text("key")).isEqualTo("second");
    }
}
