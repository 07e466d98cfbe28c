// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import static io.mecha.binding.filter.MapEvent.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What expressions evaluate to; the value, then the fault if there is one. Texts are in brackets. */
class CesqlTests {

    private static final MapEvent EVENT = event().with("subject", "pallet 12")
            .with("tenant", "north")
            .with("hops", "3")
            .with("limit", "20")
            .with("express", "TRUE")
            .with("weight", 250)
            .with("fragile", true)
            .with("origin", URI.create("https://example.org/a"))
            .with("time", Instant.parse("2026-03-04T05:06:07Z"))
            .with("digest", new byte[] {1, 2, 3})
            .with("note", "50%_off\nnow");

    private static String run(String expression) {
        Cesql.Result result = Cesql.compile(expression).evaluate(EVENT);
        String value = result.value() instanceof String text
                ? "[" + text + "]"
                : result.value().toString();
        return result.fault() == null ? value : value + " " + result.fault();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            TENANT                 | [north]
            Tenant = 'north'       | true
            EXISTS TENANT          | true
            Subject LIKE 'pallet%' | true
            WEIGHT + Weight        | 500
            """)
    void findsAttributesHoweverTheirNamesAreWritten(String expression, String expected) {
        assertThat(run(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            true                   | true
            False                  | false
            tRuE                   | true
            0                      | 0
            42                     | 42
            +42                    | 42
            -42                    | -42
            2147483647             | 2147483647
            -2147483648            | -2147483648
            'Box'                  | [Box]
            "Box"                  | [Box]
            'it\\'s "new"'         | [it's "new"]
            "say \\"it's\\""       | [say "it's"]
            'a\\b'                 | [a\\b]
            'a\\"b'                | [a\\"b]
            ''                     | []
            'Größe 漢字 🚚'         | [Größe 漢字 🚚]
            (TRUE)                 | true
            ((7))                  | 7
            """)
    void readsLiterals(String expression, String expected) {
        assertThat(run(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            id                      | [4711]
            subject                 | [pallet 12]
            weight                  | 250
            fragile                 | true
            origin                  | [https://example.org/a]
            time                    | [2026-03-04T05:06:07Z]
            digest                  | [AQID]
            absent                  | false MISSING_ATTRIBUTE
            absent2x                | false MISSING_ATTRIBUTE
            3pl                     | false MISSING_ATTRIBUTE
            EXISTS subject          | true
            exists absent           | false
            EXISTS id               | true
            EXISTS source           | true
            EXISTS type             | true
            EXISTS specversion      | true
            NOT EXISTS absent       | true
            EXISTS tenant AND tenant = 'north' | true
            """)
    void readsAttributes(String expression, String expected) {
        assertThat(run(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            TRUE = TRUE             | true
            TRUE = FALSE            | false
            FALSE != TRUE           | true
            FALSE <> FALSE          | false
            3 = 3                   | true
            3 = 4                   | false
            3 != 4                  | true
            3 <> 3                  | false
            'a' = 'a'               | true
            'a' = 'A'               | false
            'a' != 'b'              | true
            'a' <> 'a'              | false
            2 < 3                   | true
            3 < 3                   | false
            3 <= 3                  | true
            4 <= 3                  | false
            4 > 3                   | true
            3 > 3                   | false
            3 >= 3                  | true
            2 >= 3                  | false
            -5 < 3                  | true
            true = 'TRUE'           | false
            true = 'true'           | true
            'TRUE' = true           | true
            TRUE = "true" AND FALSE = "false" | true
            '7' = 7                 | true
            7 = '07'                | false
            1 = TRUE                | true
            TRUE = 1                | true
            TRUE = 2                | false
            'x' = 7                 | false CAST
            'x' != 7                | false CAST
            'x' = true              | false CAST
            'x' < 7                 | false CAST
            7 < 'x'                 | false CAST
            hops = 3                | true
            hops = 4                | false
            hops < limit            | true
            limit < hops            | false
            int(hops) < int(limit) and int(hops) < 1000 | true
            hops = limit            | false
            hops = hops             | true
            weight = 250            | true
            weight = '250'          | true
            '250' = weight          | true
            fragile = TRUE          | true
            fragile = 'true'        | true
            'TRUE' = fragile        | true
            'no' = fragile          | false CAST
            express = TRUE          | true
            express = 'TRUE'        | true
            express = fragile       | true
            fragile = express       | false
            weight = weight         | true
            tenant = 3              | false CAST
            tenant = 'north'        | true
            tenant != 'north'       | false
            'north' = tenant        | true
            origin = 'https://example.org/a' | true
            absent = 'north'        | false MISSING_ATTRIBUTE
            absent != 'north'       | false MISSING_ATTRIBUTE
            absent <> 3             | false MISSING_ATTRIBUTE
            absent <= 3             | false MISSING_ATTRIBUTE
            3 > absent              | false MISSING_ATTRIBUTE
            absent = TRUE           | false MISSING_ATTRIBUTE
            tenant = absent         | false MISSING_ATTRIBUTE
            absent = tenant         | false MISSING_ATTRIBUTE
            'a' = absent            | false MISSING_ATTRIBUTE
            """)
    void compares(String expression, String expected) {
        assertThat(run(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            FALSE AND FALSE         | false
            FALSE AND TRUE          | false
            TRUE AND FALSE          | false
            TRUE AND TRUE           | true
            FALSE OR FALSE          | false
            FALSE OR TRUE           | true
            TRUE OR FALSE           | true
            TRUE OR TRUE            | true
            FALSE XOR FALSE         | false
            FALSE XOR TRUE          | true
            TRUE XOR FALSE          | true
            TRUE XOR TRUE           | false
            NOT TRUE                | false
            NOT false               | true
            NOT 'FALSE'             | true
            NOT 10                  | false
            NOT 0                   | true
            NOT 'x'                 | false CAST
            NOT absent              | false MISSING_ATTRIBUTE
            NOT NOT TRUE            | true
            'true' AND 1            | true
            'x' AND TRUE            | false CAST
            FALSE AND 1 / 0 = 1     | false
            FALSE AND absent        | false
            TRUE AND 1 / 0 = 1      | false MATH
            TRUE AND absent         | false MISSING_ATTRIBUTE
            TRUE OR 1 / 0 = 1       | true
            FALSE OR 1 / 0 = 1      | false MATH
            absent OR TRUE          | false MISSING_ATTRIBUTE
            absent XOR TRUE         | false MISSING_ATTRIBUTE
            TRUE XOR absent         | false MISSING_ATTRIBUTE
            TRUE OR TRUE AND FALSE  | false
            TRUE OR (TRUE AND FALSE)| true
            TRUE AND FALSE XOR TRUE | true
            NOT tenant = 'north'    | false CAST
            NOT (tenant = 'north')  | false
            NOT fragile = FALSE     | true
            """)
    void combinesFromTheLeftAndStopsEarly(String expression, String expected) {
        assertThat(run(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            3 * 2 + 8 / 4           | 8
            3 * (2 + 8) / 4         | 7
            20 - 5 - 5              | 10
            20 -5                   | 15
            20-5                    | 15
            7 / 2                   | 3
            -7 / 2                  | -3
            7 / -2                  | -3
            7 % 3                   | 1
            -7 % 3                  | -1
            7 % -3                  | 1
            7 / 0                   | 0 MATH
            7 % 0                   | 0 MATH
            absent / 0              | 0 MISSING_ATTRIBUTE
            absent % 0              | 0 MISSING_ATTRIBUTE
            1 / absent              | 0 MISSING_ATTRIBUTE
            absent * 5              | 0 MISSING_ATTRIBUTE
            -2 + -3                 | -5
            2 - -3                  | 5
            '6' + 4                 | 10
            6 + '4'                 | 10
            '6' * '4'               | 24
            6 + TRUE                | 7
            6 + 'x'                 | 0 CAST
            2147483647 + 1          | 0 MATH
            -2147483648 - 1         | 0 MATH
            65536 * 65536           | 0 MATH
            -2147483648 / -1        | 0 MATH
            -10                     | -10
            --10                    | 10
            -'10'                   | -10
            - TRUE                  | -1
            -(-2147483648)          | 0 MATH
            -absent                 | 0 MISSING_ATTRIBUTE
            hops * 2 = 6            | true
            ABS(-9)                 | 9
            ABS(9)                  | 9
            ABS(0)                  | 0
            ABS(-2147483648)        | 2147483647 MATH
            ABS(ABS(-2147483648))   | 0 MATH
            ABS('-3')               | 3
            """)
    void calculates(String expression, String expected) {
        assertThat(run(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            5 IN (1, 5, 9)              | true
            5 IN (1, 9)                 | false
            5 NOT IN (1, 9)             | true
            'a' IN ('a', 'b')           | true
            'A' IN ('a', 'b')           | false
            'a' not in ('a', 'b')       | false
            TRUE IN (FALSE, TRUE)       | true
            TRUE IN (FALSE)             | false
            5 IN ('4', '5')             | true
            '5' IN (4, 5)               | true
            'true' IN (TRUE)            | true
            'TRUE' IN (TRUE)            | false
            TRUE IN ('TRUE')            | true
            1 IN (TRUE)                 | true
            5 IN (5, 'x')               | true
            5 IN ('x', 5)               | false CAST
            5 NOT IN ('x', 5)           | false CAST
            tenant IN ('south', 'north')| true
            tenant NOT IN ('south')     | true
            hops IN (1, 2, 3)           | true
            weight IN ('250')           | true
            weight IN ('x', 250)        | false CAST
            fragile IN (TRUE)           | true
            origin IN ('https://example.org/a') | true
            tenant IN (subject, CONCAT('no', 'rth')) | true
            tenant IN (absent, 'north') | false MISSING_ATTRIBUTE
            tenant IN ('north', absent) | true
            absent IN ('north')         | false MISSING_ATTRIBUTE
            absent IN (absent)          | false MISSING_ATTRIBUTE
            absent NOT IN ('north')     | false MISSING_ATTRIBUTE
            UPPER(tenant) IN ('NORTH')  | true
            (hops = 3) IN (TRUE)        | true
            (absent = 3) IN (TRUE)      | false MISSING_ATTRIBUTE
            ABS(absent) IN (1)          | false MISSING_ATTRIBUTE
            NOT TRUE IN (FALSE)         | true
            1 + 2 IN (2)                | 2
            """)
    void looksIntoSets(String expression, String expected) {
        assertThat(run(expression)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            LENGTH('crate')                   | 5
            LENGTH('')                        | 0
            LENGTH('🚚x')                     | 2
            LENGTH(FALSE)                     | 5
            LENGTH(-12)                       | 3
            LENGTH(absent)                    | 0 MISSING_ATTRIBUTE
            LENGTH(LEFT('crate', -1))         | 0 FUNCTION
            CONCAT('a', 1, TRUE)              | [a1true]
            CONCAT('a')                       | [a]
            CONCAT('a', 'b')                  | [ab]
            CONCAT('a', 'b', 'c', 'd')        | [abcd]
            CONCAT()                          | []
            CONCAT('a', absent)               | [] MISSING_ATTRIBUTE
            CONCAT_WS('-', 'a', 'b', 'c')     | [a-b-c]
            concat_ws('-', 'a', 'b')          | [a-b]
            CONCAT_WS('-', 'a')               | [a]
            CONCAT_WS('-')                    | []
            CONCAT_WS(absent, 'a')            | [] MISSING_ATTRIBUTE
            LOWER('ÄbC')                      | [äbc]
            UPPER('äbC')                      | [ÄBC]
            lower(absent)                     | [] MISSING_ATTRIBUTE
            LEFT('crate', 3)                  | [cra]
            LEFT('crate', 9)                  | [crate]
            LEFT('🚚🚚x', 2)                  | [🚚🚚]
            LEFT('', 0)                       | []
            LEFT('crate', -1)                 | [crate] FUNCTION
            LEFT('crate', 'x')                | [] CAST
            LEFT(absent, 1)                   | [] MISSING_ATTRIBUTE
            LEFT('crate', 1 / 0)              | [] MATH
            LEFT(12345, '2')                  | [12]
            RIGHT('crate', 3)                 | [ate]
            RIGHT('crate', 9)                 | [crate]
            RIGHT('x🚚🚚', 2)                 | [🚚🚚]
            RIGHT('', 0)                      | []
            RIGHT('crate', -1)                | [crate] FUNCTION
            SUBSTRING('shipment', 1)          | [shipment]
            SUBSTRING('shipment', 5)          | [ment]
            SUBSTRING('shipment', 8)          | [t]
            SUBSTRING('shipment', -4)         | [ment]
            SUBSTRING('shipment', -8)         | [shipment]
            SUBSTRING('shipment', 0)          | []
            SUBSTRING('shipment', 9)          | [] FUNCTION
            SUBSTRING('shipment', -9)         | [] FUNCTION
            SUBSTRING('shipment', 5, 2)       | [me]
            SUBSTRING('shipment', 5, 99)      | [ment]
            SUBSTRING('shipment', -4, 3)      | [men]
            SUBSTRING('shipment', 0, 3)       | []
            SUBSTRING('shipment', 1, 0)       | []
            SUBSTRING('shipment', 9, 1)       | [] FUNCTION
            SUBSTRING('shipment', -9, 1)      | [] FUNCTION
            SUBSTRING('shipment', 1, -1)      | [] FUNCTION
            SUBSTRING('a🚚b', 2, 1)           | [🚚]
            SUBSTRING(absent, 2, 1)           | [] MISSING_ATTRIBUTE
            SUBSTRING('a', absent, 1)         | [] MISSING_ATTRIBUTE
            SUBSTRING('a', 1, absent)         | [] MISSING_ATTRIBUTE
            INT('12')                         | 12
            INT('+12')                        | 12
            INT('-12')                        | -12
            INT('-2147483648')                | -2147483648
            INT('2147483648')                 | 0 CAST
            INT('99999999999999999999999')    | 0 CAST
            INT('')                           | 0 CAST
            INT('-')                          | 0 CAST
            INT('1 ')                         | 0 CAST
            INT('٣')                          | 0 CAST
            INT(12)                           | 12
            INT(TRUE)                         | 1
            INT(FALSE)                        | 0
            INT(absent)                       | 0 MISSING_ATTRIBUTE
            INT(fragile)                      | 1
            BOOL('True')                      | true
            BOOL("false")                     | false
            BOOL('yes')                       | false CAST
            BOOL(TRUE)                        | true
            BOOL(0)                           | false
            BOOL(-50)                         | true
            BOOL(weight)                      | true
            BOOL(ABS(absent))                 | false MISSING_ATTRIBUTE
            BOOL(7 / 0)                       | false MATH
            STRING(FALSE)                     | [false]
            STRING(-7)                        | [-7]
            STRING('x')                       | [x]
            STRING(1 / 0)                     | [] MATH
            STRING(hops < limit)              | [true]
            IS_INT('12')                      | true
            IS_INT('x')                       | false
            IS_INT(12)                        | true
            IS_INT(TRUE)                      | false
            IS_INT(hops)                      | true
            is_int(absent)                    | false MISSING_ATTRIBUTE
            IS_BOOL('TRUE')                   | true
            IS_BOOL('x')                      | false
            IS_BOOL(FALSE)                    | true
            IS_BOOL(1)                        | false
            IS_BOOL(express)                  | true
            """)
    void callsFunctions(String expression, String expected) {
        assertThat(run(expression)).isEqualTo(expected);
    }

    @Test
    void trimsWhatUnicodeCallsWhiteSpaceAndNothingElse() {
        assertThat(run("TRIM(' \t\u00a0\u3000a b\u2028\u0085\n')")).isEqualTo("[a b]");
        assertThat(run("TRIM('\u001fa\u200b')")).isEqualTo("[\u001fa\u200b]");
        assertThat(run("TRIM('   ')")).isEqualTo("[]");
    }

    @Test
    void ignoresSpacesAndLineBreaksBetweenWords() {
        assertThat(run("tenant\r\n\t=   'north'\nAND(hops=3)")).isEqualTo("true");
    }

    @Test
    void readsFieldsOfTheData() {
        MapEvent event = event().withField(List.of("customer", "country"), "DE")
                .withField(List.of("a/b", "~"), 7)
                .withField(List.of(), "all");

        assertThat(Cesql.compile("DATA('/customer/country') = 'DE'").test(event))
                .isTrue();
        assertThat(Cesql.compile("data(\"/customer/country\") IN ('FR', 'DE')").test(event))
                .isTrue();
        assertThat(Cesql.compile("DATA('/a~1b/~0') + 1 = 8").test(event)).isTrue();
        assertThat(Cesql.compile("DATA('') = 'all'").test(event)).isTrue();
        assertThat(Cesql.compile("DATA('/customer/zip') = 'DE'").evaluate(event))
                .isEqualTo(new Cesql.Result(false, Fault.MISSING_ATTRIBUTE));
        assertThat(Cesql.compile("EXISTS DATA('/customer/country')").test(event))
                .isTrue();
        assertThat(Cesql.compile("EXISTS DATA('/customer/zip')").test(event)).isFalse();
    }

    @Test
    void matchesOnlyBooleansWithoutFaults() {
        assertThat(Cesql.compile("fragile").test(EVENT)).isTrue();
        assertThat(Cesql.compile("express").test(EVENT)).isFalse();
        assertThat(Cesql.compile("weight").test(EVENT)).isFalse();
        assertThat(Cesql.compile("NOT absent").test(EVENT)).isFalse();
        assertThat(Cesql.compile("absent != 'x' OR TRUE").test(EVENT)).isFalse();
    }
}
