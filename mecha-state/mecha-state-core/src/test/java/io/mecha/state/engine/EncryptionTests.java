// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.Secret;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.state.KeyValueStore;
import io.mecha.state.Precondition;
import io.mecha.state.ReadResult;
import io.mecha.state.UnreadableValueException;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Value;
import io.mecha.test.TestClock;
import io.mecha.test.state.ForwardingBackend;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTests {

    private static final Secret KEY = Secret.of("00".repeat(31) + "01");
    private static final Secret OTHER_KEY = Secret.of("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI=");

    private final StateBackend backend = new MemoryStateBackend(new TestClock());
    private final KeyValueStore<String> notes = store("notes", EncryptionKeys.of(KEY, List.of()));

    private KeyValueStore<String> store(String name, EncryptionKeys keys) {
        return StateStoreComponent.builder(name, "memory", backend, JacksonCodecs.standard())
                .keyPrefix("p||")
                .encryption(keys)
                .build()
                .store(String.class);
    }

    private byte[] stored(String key) {
        return Objects.requireNonNull(backend.read("p||" + key)).value().bytes();
    }

    private void overwrite(String key, byte[] bytes) {
        backend.write(new Mutation.Put("p||" + key, Value.of(bytes), null, Precondition.NONE));
    }

    @Test
    void readsBackWhatItEncrypted() {
        notes.put("a", "hello");
        notes.transact(tx -> tx.put("b", "world"));

        assertThat(notes.get("a")).contains("hello");
        assertThat(notes.getAll(List.of("a", "b")))
                .extracting(ReadResult::value)
                .allMatch(value -> value.isPresent());
        assertThat(new String(stored("a"), StandardCharsets.ISO_8859_1)).doesNotContain("hello");
        assertThat(new String(stored("b"), StandardCharsets.ISO_8859_1)).doesNotContain("world");
    }

    @Test
    void encryptsTheSameValueDifferentlyEachTime() {
        notes.put("a", "hello");
        byte[] first = stored("a");

        notes.put("a", "hello");

        assertThat(stored("a")).isNotEqualTo(first).hasSize("hello".length() + ValueCipher.OVERHEAD);
    }

    @Test
    void readsWhatAPreviousKeyWrote() {
        notes.put("a", "hello");
        KeyValueStore<String> rotated = store("notes", EncryptionKeys.of(OTHER_KEY, List.of(KEY)));

        assertThat(rotated.get("a")).contains("hello");
        rotated.put("a", "again");
        assertThat(store("notes", EncryptionKeys.of(OTHER_KEY, List.of())).get("a"))
                .contains("again");
    }

    @Test
    void tellsThatTheKeyIsNotConfigured() {
        notes.put("a", "hello");
        KeyValueStore<String> other = store("notes", EncryptionKeys.of(OTHER_KEY, List.of()));

        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> other.get("a"))
                .withMessageContaining("key 'a' in state store 'notes'")
                .withMessageContaining("it was encrypted with a key that is not configured")
                .withMessageContaining("mecha.state.stores.notes.encryption.previous-keys");
    }

    @Test
    void failsAloneInABulkRead() {
        notes.put("a", "hello");
        overwrite("b", new byte[] {1, 2, 3});

        List<ReadResult<String>> results = notes.getAll(List.of("a", "b"));

        assertThat(results.get(0).value()).contains("hello");
        assertThat(results.get(1)).isInstanceOf(ReadResult.Unreadable.class);
    }

    @Test
    void bindsAValueToItsKeyAndStore() {
        notes.put("a", "hello");
        overwrite("b", stored("a"));

        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> notes.get("b"))
                .withMessageContaining("it was changed, or written for another store or key");
        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(
                        () -> store("others", EncryptionKeys.of(KEY, List.of())).get("a"));
    }

    @Test
    void noticesEveryChangedByte() {
        notes.put("a", "hello");
        byte[] original = stored("a").clone();

        for (int index = 0; index < original.length; index++) {
            byte[] changed = original.clone();
            changed[index] ^= 1;
            overwrite("a", changed);

            assertThatExceptionOfType(UnreadableValueException.class).isThrownBy(() -> notes.get("a"));
        }
    }

    @Test
    void refusesAValueThatWasNotEncrypted() {
        overwrite("a", "hello".getBytes(StandardCharsets.UTF_8));

        assertThatExceptionOfType(UnreadableValueException.class)
                .isThrownBy(() -> notes.get("a"))
                .withMessageContaining("it was not written encrypted")
                .withMessageNotContaining("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "zz", "0011", "AAAA", "!not-base64!"})
    void refusesAMalformedKeyWithoutRepeatingIt(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EncryptionKeys.of(Secret.of(key), List.of()))
                .satisfies(failure -> {
                    if (!key.isEmpty()) {
                        assertThat(failure).hasMessageNotContaining(key);
                    }
                })
                .withNoCause();
    }

    @Test
    void leavesRoomForItsHeader() {
        StateBackend small = new ForwardingBackend(backend) {

            @Override
            public int maximumValueSize() {
                return 100;
            }
        };

        assertThat(new EncryptedBackend(small, EncryptionKeys.of(KEY, List.of()), "s", "").maximumValueSize())
                .isEqualTo(100 - ValueCipher.OVERHEAD);
    }
}
