// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Mutation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class KeyScanBehaviour extends StateGroup {

    private static final int PAGE = 100;
    private static final int MANY = 1_025;

    private static final List<String> SPECIAL = List.of(
            "%",
            "_",
            "*",
            "?",
            "[",
            "]",
            "[a]",
            "[^a]",
            "\\",
            "\\%",
            "||",
            "|",
            "{",
            "}",
            "{a}",
            "(",
            "^",
            "$",
            "+",
            ".",
            "#",
            "~",
            "'",
            "''",
            "\"",
            "!",
            "-",
            "/",
            ":",
            "&",
            "<",
            "=",
            " ",
            "😀",
            "漢",
            "\u00e9",
            "\ud7ff",
            "\ue000",
            "\uffff",
            "\udbff\udfff");

    KeyScanBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireKeyScan() {
        capability(KeyScan.class);
    }

    @Test
    void findsNothingInAnEmptyStore() {
        Page<String> page = capability(KeyScan.class).keys("", PageRequest.first(10));

        assertThat(page.items()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void findsKeysByPrefix() {
        store(List.of("order-1", "order-2", "orders", "order-", "order", "other", "ORDER-3", "xorder-4"));

        assertThat(scan("order-", PAGE)).containsExactlyInAnyOrder("order-", "order-1", "order-2");
    }

    @Test
    void findsEveryKeyByAnEmptyPrefix() {
        List<String> keys = List.of("a", "B", "😀", "a||b", "漢字", "%");
        store(keys);

        assertThat(scan("", PAGE)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void findsNothingByAPrefixThatNoKeyHas() {
        store(List.of("a", "b"));

        assertThat(scan("c", PAGE)).isEmpty();
        assertThat(scan("a".repeat(KeyBehaviour.LONGEST), PAGE)).isEmpty();
    }

    @Test
    void takesEveryPrefixLiterally() {
        for (String special : SPECIAL) {
            String prefix = "k" + special;
            store(List.of(prefix, prefix + "x", prefix + special, "kx", "kxx", "k", "ka", "kax", "K" + special + "x"));

            assertThat(scan(prefix, PAGE))
                    .as("keys that begin with '%s'", prefix)
                    .contains(prefix, prefix + "x", prefix + special)
                    .allMatch(key -> key.startsWith(prefix));
            backend()
                    .writeAll(scan("", PAGE).stream()
                            .<Mutation>map(StateGroup::remove)
                            .toList());
        }
    }

    @Test
    void takesTheCaseAndTheSpacesOfAPrefixLiterally() {
        store(List.of("key a", "keya", "key", "KEY a", "key  b", " key"));

        assertThat(scan("key ", PAGE)).containsExactlyInAnyOrder("key a", "key  b");
        assertThat(scan("KEY", PAGE)).containsExactly("KEY a");
        assertThat(scan(" ", PAGE)).containsExactly(" key");
    }

    @Test
    void pagesThroughManyKeys() {
        List<String> keys = many("key-");
        store(keys);
        store(many("other-"));

        List<String> found = scan("key-", PAGE);

        assertThat(found).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void pagesByOneKey() {
        store(List.of("a", "b", "c"));

        assertThat(scan("", 1)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void findsManyKeysInOneLargePage() {
        List<String> keys = many("key-");
        store(keys);

        assertThat(scan("key-", PageRequest.MAXIMUM_SIZE)).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void ascendsByCodePointIfOrdered() {
        List<String> keys = List.of(
                "a",
                "A",
                "b",
                "aa",
                "a||b",
                "a!",
                "z",
                "Z",
                "é",
                "漢",
                "\ud7ff",
                "\ue000",
                "\uff5e",
                "😀",
                "😀a",
                "\udbff\udfff",
                "~",
                " a",
                "0");
        store(keys);

        List<String> found = scan("", 4);

        if (capability(KeyScan.class).ordered()) {
            assertThat(found)
                    .containsExactlyElementsOf(keys.stream().sorted(CODE_POINTS).toList());
        } else {
            assertThat(new HashSet<>(found)).containsExactlyInAnyOrderElementsOf(keys);
        }
    }

    @Test
    void findsEveryKeyThatStaysWhileOthersAreRemoved() {
        List<String> staying =
                many("key-").stream().filter(key -> !key.endsWith("7")).toList();
        store(many("key-"));

        List<String> found = scan("key-", PAGE, page -> remove(page, "7"));

        assertFound(found, staying);
    }

    @Test
    void findsEveryKeyThatStaysWhileThoseFoundAreRemoved() {
        List<String> keys = many("key-");
        store(keys);
        List<String> found = new ArrayList<>();

        PageRequest request = PageRequest.first(PAGE);
        while (request != null) {
            Page<String> page = capability(KeyScan.class).keys("key-", request);
            found.addAll(page.items());
            backend()
                    .writeAll(page.items().stream()
                            .<Mutation>map(StateGroup::remove)
                            .toList());
            request = page.following();
        }

        assertFound(found, keys);
        assertThat(scan("key-", PAGE)).isEmpty();
    }

    @Test
    void findsEveryKeyThatStaysWhileOthersAreInserted() {
        List<String> keys = many("key-");
        store(keys);

        List<String> found = scan(
                "key-",
                PAGE,
                page -> store(IntStream.range(0, PAGE)
                        .mapToObj(i -> "key-%d-%d".formatted(page, i))
                        .toList()));

        assertFound(found, keys);
    }

    @Test
    void findsEveryKeyWhileAllAreRewritten() {
        List<String> keys = many("key-");
        store(keys);

        List<String> found = scan("key-", PAGE, page -> store(keys));

        assertFound(found, keys);
    }

    @Test
    void leavesOutExpiredKeys() {
        store(List.of("key-1", "key-2"));
        backend()
                .writeAll(List.of(
                        put("key-0", "value", SHORT),
                        put("key-3", "value", LONG),
                        put("key-4", "value", Duration.ofMillis(1))));

        advance(SHORT.plusMillis(50));

        assertThat(scan("key-", PAGE)).containsExactlyInAnyOrder("key-1", "key-2", "key-3");
        assertThat(scan("key-", 1)).containsExactlyInAnyOrder("key-1", "key-2", "key-3");
    }

    @Test
    void findsAKeyThatCameBack() {
        write(put("key", "value"));
        write(remove("key"));
        assertThat(scan("", PAGE)).isEmpty();

        write(put("key", "value"));

        assertThat(scan("", PAGE)).containsExactly("key");
    }

    @Test
    void refusesATokenItDidNotHandOut() {
        store(List.of("a", "b"));
        KeyScan scan = capability(KeyScan.class);

        for (String token : List.of("garbage", "", " ", "-1", "😀", "a:b:c", "%", "AAAA")) {
            assertThatIllegalArgumentException()
                    .as("token '%s'", token)
                    .isThrownBy(() -> scan.keys("", PageRequest.first(1).at(token)));
        }
    }

    private static final Comparator<String> CODE_POINTS = (left, right) -> {
        int[] a = left.codePoints().toArray();
        int[] b = right.codePoints().toArray();
        return Arrays.compare(a, b);
    };

    private static List<String> many(String prefix) {
        return IntStream.range(0, MANY).mapToObj(i -> prefix + i).toList();
    }

    private void store(Collection<String> keys) {
        backend()
                .writeAll(keys.stream()
                        .distinct()
                        .<Mutation>map(key -> put(key, "value"))
                        .toList());
    }

    private void remove(int page, String suffix) {
        Stream<String> victims = IntStream.range(page * PAGE, (page + 1) * PAGE)
                .mapToObj(i -> "key-" + (MANY - i))
                .filter(key -> key.endsWith(suffix));
        backend().writeAll(victims.<Mutation>map(StateGroup::remove).toList());
    }

    private void assertFound(List<String> found, List<String> expected) {
        assertThat(found).containsAll(expected);
        if (capability(KeyScan.class).ordered()) {
            assertThat(found).doesNotHaveDuplicates().isSortedAccordingTo(CODE_POINTS);
        }
    }

    private List<String> scan(String prefix, int size) {
        List<String> keys = scan(prefix, size, page -> {});
        return capability(KeyScan.class).ordered()
                ? keys
                : keys.stream().distinct().toList();
    }

    private List<String> scan(String prefix, int size, IntConsumer betweenPages) {
        List<String> keys = new ArrayList<>();
        @Nullable PageRequest request = PageRequest.first(size);
        for (int page = 0; request != null; page++) {
            Page<String> found = capability(KeyScan.class).keys(prefix, request);
            assertThat(found.items()).hasSizeLessThanOrEqualTo(size);
            assertThat(found.next()).isNotEqualTo(Optional.of(request));
            keys.addAll(found.items());
            request = found.following();
            betweenPages.accept(page);
            assertThat(page).as("number of pages").isLessThan(20 * MANY);
        }
        return keys;
    }
}
