// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import static io.mecha.binding.Filter.all;
import static io.mecha.binding.Filter.any;
import static io.mecha.binding.Filter.exact;
import static io.mecha.binding.Filter.not;
import static io.mecha.binding.Filter.prefix;
import static io.mecha.binding.Filter.sql;
import static io.mecha.binding.Filter.suffix;
import static io.mecha.binding.filter.MapEvent.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.binding.Filter;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersTests {

    private static final MapEvent EVENT =
            event().with("tenant", "north").with("weight", 250).with("origin", URI.create("https://example.org/a"));

    private static boolean matches(Filter filter) {
        return Filters.compile(filter).test(EVENT);
    }

    @Test
    void matchesAttributesThatEqualATextAllOfThem() {
        assertThat(matches(exact(Map.of("type", "stock.reserved")))).isTrue();
        assertThat(matches(exact(Map.of("type", "stock.reserved", "tenant", "north"))))
                .isTrue();
        assertThat(matches(exact(Map.of("type", "stock.reserved", "tenant", "south"))))
                .isFalse();
        assertThat(matches(exact(Map.of("type", "Stock.Reserved")))).isFalse();
        assertThat(matches(exact(Map.of("weight", "250", "origin", "https://example.org/a"))))
                .isTrue();
        assertThat(matches(exact(Map.of("absent", "x")))).isFalse();
    }

    @Test
    void matchesAttributesByTheirBeginningAndEnd() {
        assertThat(matches(prefix(Map.of("type", "stock.", "source", "/ware")))).isTrue();
        assertThat(matches(prefix(Map.of("type", "stock.", "source", "/x")))).isFalse();
        assertThat(matches(prefix(Map.of("absent", "x")))).isFalse();
        assertThat(matches(suffix(Map.of("type", ".reserved", "origin", "/a")))).isTrue();
        assertThat(matches(suffix(Map.of("type", ".released")))).isFalse();
        assertThat(matches(suffix(Map.of("absent", "x")))).isFalse();
    }

    @Test
    void refusesNamesAndTextsThatNoAttributeHas() {
        for (String name : List.of("", "Tenant", "x-user", "my_ext", "a b", "ä")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> exact(Map.of(name, "x")))
                    .withMessageContaining(name);
            assertThatIllegalArgumentException().isThrownBy(() -> prefix(Map.of("type", "x", name, "x")));
            assertThatIllegalArgumentException().isThrownBy(() -> suffix(Map.of(name, "x")));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> exact(Map.of("tenant", "")));
        assertThatIllegalArgumentException().isThrownBy(() -> prefix(Map.of("tenant", "")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> suffix(Map.of("tenant", "")))
                .withMessageContaining("tenant");
    }

    @Test
    void combinesFilters() {
        Filter yes = exact(Map.of("tenant", "north"));
        Filter no = exact(Map.of("absent", "x"));

        assertThat(matches(all(yes, yes))).isTrue();
        assertThat(matches(all(yes, no))).isFalse();
        assertThat(matches(any(no, yes))).isTrue();
        assertThat(matches(any(no, no))).isFalse();
        assertThat(matches(not(no))).isTrue();
        assertThat(matches(not(yes))).isFalse();
        assertThat(matches(all(not(no), any(no, sql("tenant LIKE 'n%'"))))).isTrue();
    }

    @Test
    void knowsTheTypesThatCanMatch() {
        Filter placed = exact(Map.of("type", "placed", "tenant", "north"));
        Filter paid = exact(Map.of("type", "paid"));
        Filter other = prefix(Map.of("type", "p"));

        assertThat(Filters.types(placed))
                .hasValueSatisfying(types -> assertThat(types).containsExactly("placed"));
        assertThat(Filters.types(any(placed, paid)))
                .hasValueSatisfying(types -> assertThat(types).containsExactlyInAnyOrder("placed", "paid"));
        assertThat(Filters.types(any(placed, other))).isEmpty();
        assertThat(Filters.types(all(other, placed)))
                .hasValueSatisfying(types -> assertThat(types).containsExactly("placed"));
        assertThat(Filters.types(all(paid, placed)))
                .hasValueSatisfying(types -> assertThat(types).isEmpty());
        assertThat(Filters.types(other)).isEmpty();
        assertThat(Filters.types(not(placed))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            type = 'a'                                   | a
            type = 'a' AND tenant = 'n'                  | a
            tenant = 'n' AND type = 'a'                  | a
            tenant = 'n' AND (type = 'a' OR type = 'b')  | a,b
            type IN ('a', 'b')                           | a,b
            (type IN ('a', 'b')) AND type = 'b'          | b
            type = 'a' OR type IN ('b') OR type = 'c'    | a,b,c
            type = 'a' OR tenant = 'n'                   | *
            type != 'a'                                  | *
            type NOT IN ('a')                            | *
            NOT (type = 'a')                             | *
            type = 'a' XOR type = 'b'                    | *
            tenant = 'a'                                 | *
            type LIKE 'a'                                | *
            type IN ('a', tenant)                        | *
            """)
    void knowsTheTypesThatAnExpressionCanMatch(String expression, String expected) {
        String types = Filters.types(sql(expression))
                .map(found -> String.join(",", found.stream().sorted().toList()))
                .orElse("*");

        assertThat(types).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                       | 0  | expected a value, found the end
            type =                   | 6  | expected a value, found the end
            type = = 'x'             | 7  | expected a value, found '='
            type = 'x                | 7  | the text has no closing '
            type = "x                | 7  | the text has no closing "
            (type = 'x'              | 11 | expected ')', found the end
            type = 'x')              | 10 | expected an operator or the end, found ')'
            type 'x'                 | 5  | expected an operator or the end, found 'x'
            type LIKE tenant         | 10 | expected a text in quotes, found 'tenant'
            type LIKE 5              | 10 | expected a text in quotes, found '5'
            type NOT 'x'             | 9  | expected LIKE or IN, found 'x'
            type IN ()               | 9  | expected a value, found ')'
            type IN 'x'              | 8  | expected '(', found 'x'
            type IN ('a' 'b')        | 13 | expected ')', found 'b'
            EXISTS 'x'               | 7  | expected the name of an attribute, found 'x'
            EXISTS                   | 6  | expected the name of an attribute, found the end
            type == 'x'              | 6  | expected a value, found '='
            type & 'x'               | 5  | & has no meaning here
            tenant_id = 'x'          | 0  | names of attributes have letters and digits only
            ABC(                     | 4  | expected a value, found the end
            ABC('x')                 | 0  | there is no function ABC with 1 arguments
            CONCAT_WS()              | 0  | there is no function CONCAT_WS with 0 arguments
            type = LENGTH('a', 'b')  | 7  | there is no function LENGTH with 2 arguments
            hops = 2147483648        | 7  | the number does not fit into 32 bits
            hops = -2147483649       | 7  | the number does not fit into 32 bits
            hops + + hops            | 7  | expected a value, found '+'
            DATA(type) = 'x'         | 5  | expected a JSON pointer in quotes, found 'type'
            DATA('customer') = 'x'   | 5  | a JSON pointer begins with /
            DATA('/a~2') = 'x'       | 5  | a JSON pointer begins with /
            LENGTH(type)             | 0  | it is a number or a text, which is never true
            'x'                      | 0  | it is a number or a text, which is never true
            """)
    void tellsWhereAnExpressionIsWrong(String expression, int position, String reason) {
        assertThatExceptionOfType(FilterException.class)
                .isThrownBy(() -> Filters.compile(sql(expression)))
                .satisfies(e -> assertThat(e.position()).isEqualTo(position))
                .satisfies(e -> assertThat(e.expression()).isEqualTo(expression))
                .withMessageContaining("position " + (position + 1) + ", " + reason);
    }

    @Test
    void pointsToTheMistakeInItsLine() {
        assertThatExceptionOfType(FilterException.class)
                .isThrownBy(() -> Filters.compile(sql("tenant = 'n'\nAND type IN 'x'\nAND TRUE")))
                .satisfies(e -> assertThat(e.problem().lines())
                        .containsExactly(
                                "A filter does not parse at position 26, expected '(', found 'x':",
                                "  AND type IN 'x'",
                                "              ^"))
                .satisfies(e -> assertThat(e.mistake("mecha.x").property()).isEqualTo("mecha.x"))
                .satisfies(e -> assertThat(e.mistake("mecha.x").code()).isEqualTo("MECHA-B120"));
    }

    @Test
    void refusesWhatIsTooLongOrTooDeep() {
        Filter deep = exact(Map.of("type", "x"));
        for (int i = 0; i < 100; i++) {
            deep = not(deep);
        }
        Filter tooDeep = deep;

        assertThatExceptionOfType(FilterException.class).isThrownBy(() -> Filters.compile(tooDeep));
        assertThatExceptionOfType(FilterException.class)
                .isThrownBy(() -> Filters.compile(sql("(".repeat(65) + "TRUE" + ")".repeat(65))))
                .withMessageContaining("nested more than 64 times");
        assertThatExceptionOfType(FilterException.class)
                .isThrownBy(() -> Filters.compile(sql("NOT ".repeat(65) + "TRUE")))
                .withMessageContaining("nested more than 64 times");
        assertThatExceptionOfType(FilterException.class)
                .isThrownBy(() -> Filters.compile(sql("TRUE" + " ".repeat(8192))))
                .withMessageContaining("longer than 8192 characters");
        assertThatExceptionOfType(FilterException.class)
                .isThrownBy(() -> Filters.compile(sql("1" + "+1".repeat(1001))))
                .withMessageContaining("more than 1000 operators");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id = 'x' OR ", "TRUE AND ", "NOT FALSE = "})
    void takesLongChains(String part) {
        Filter filter = sql(part.repeat(300) + "TRUE");

        assertThat(Filters.compile(filter).test(EVENT)).isTrue();
    }
}
