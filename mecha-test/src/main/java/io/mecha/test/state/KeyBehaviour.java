// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.spi.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

abstract class KeyBehaviour extends StateGroup {

    /** What the engine lets through, and a prefix in front of it. */
    static final int LONGEST = 512 + 128;

    private static final List<String> LOOK_ALIKES = List.of(
            "a",
            "A",
            "a ",
            " a",
            "a  ",
            "a\u00a0",
            "\u00e1",
            "a\u0301",
            "\u00e0",
            "\uff41",
            "a\u200b",
            "\ufeffa",
            "ß",
            "ss",
            "SS",
            "\u1e9e",
            "i",
            "I",
            "\u0131",
            "\u0130",
            "\u03c3",
            "\u03c2",
            "\u03a3",
            "\ufb01",
            "fi",
            "1",
            "01",
            "1.0",
            "\uff11",
            "e",
            "\u00e9",
            "漢字",
            "漢",
            "字",
            "\u03a9",
            "\u2126",
            "K",
            "\u212a",
            "k",
            "n\u0303",
            "\u00f1",
            "😀",
            "😁",
            "\ufffd",
            "null",
            "NULL",
            "\ud83d\udc69\u200d\ud83d\udc67",
            "\ud83d\udc69\ud83d\udc67",
            "\udbff\udfff",
            "\ue000",
            "\ud7ff");

    private static final List<String> SPECIAL = List.of(
            "a||b",
            "a|b",
            "a",
            "b",
            "||",
            "a||",
            "||b",
            "a:b",
            "a::b",
            "a/b",
            "/a/b",
            "a//b",
            "a\\b",
            "a\\\\b",
            "a.b",
            "a,b",
            "a;b",
            "a'b",
            "a''b",
            "a\"b",
            "a`b",
            "a%b",
            "a_b",
            "a%",
            "%",
            "_",
            "*",
            "?",
            "a*",
            "a?",
            "[a]",
            "[a-z]",
            "{a}",
            "{a}b",
            "b{a}",
            "{}a",
            "a}b{",
            "$1",
            "${a}",
            "#{a}",
            "#a",
            "&a",
            "a=b",
            "a+b",
            "a b",
            "a%20b",
            "<a>",
            "(a)",
            "^a",
            "~a",
            "--",
            "-- a",
            "a/*b*/",
            "'; DROP TABLE state; --",
            "..",
            "../a",
            ".",
            "@a",
            "!a",
            "\\",
            "\\%",
            "\\_");

    KeyBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void keepsLookAlikesApart() {
        assertKeptApart(LOOK_ALIKES);
    }

    @Test
    void keepsSeparatorsAndWildcardsApart() {
        assertKeptApart(SPECIAL);
    }

    @Test
    void keepsLongKeysApartThatDifferAtTheEnd() {
        String ascii = "k".repeat(LONGEST - 1);
        String threeBytes = "漢".repeat(LONGEST - 1);
        String fourBytes = "😀".repeat(LONGEST / 2 - 1);

        assertKeptApart(List.of(
                ascii,
                ascii + "a",
                ascii + "b",
                threeBytes,
                threeBytes + "a",
                threeBytes + "漢",
                fourBytes,
                fourBytes + "😀",
                fourBytes + "😁"));
    }

    @Test
    void replacesOnlyTheKeyThatWasMeant() {
        write(put("Key", "upper"));
        String version = written(put("key", "lower"));

        assertThat(write(replace("KEY", "other", version)).applied()).isFalse();
        assertThat(write(remove("key ", version)).applied()).isFalse();
        assertThat(write(putIfAbsent("kEy", "mixed")).applied()).isTrue();

        assertThat(List.of(stored("Key"), stored("key"), stored("kEy")))
                .extracting(StateGroup::text)
                .containsExactly("upper", "lower", "mixed");
    }

    private void assertKeptApart(List<String> given) {
        List<String> keys = new ArrayList<>(given.stream().distinct().toList());

        for (String key : keys) {
            assertThat(write(putIfAbsent(key, "value of " + key)).applied())
                    .as("'%s' is new", key)
                    .isTrue();
        }

        Map<String, Entry> all = backend().readAll(keys);
        assertThat(all.keySet()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(keys).allSatisfy(key -> {
            assertThat(text(key)).isEqualTo("value of " + key);
            assertThat(all.get(key)).extracting(StateGroup::text).isEqualTo("value of " + key);
        });
        assertRemovedOneByOne(keys);
    }

    private void assertRemovedOneByOne(List<String> keys) {
        for (int i = 0; i < keys.size(); i++) {
            write(remove(keys.get(i)));

            assertThat(backend().readAll(keys).keySet())
                    .as("what is left after removing '%s'", keys.get(i))
                    .containsExactlyInAnyOrderElementsOf(keys.subList(i + 1, keys.size()));
        }
    }
}
