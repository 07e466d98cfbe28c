// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikePatternTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'crate' LIKE 'crate'         | true
            'crate' LIKE 'Crate'         | false
            'crate' NOT LIKE 'crate'     | false
            'crate' LIKE 'crat'          | false
            'cr\\ate' LIKE 'cr\\ate'     | true
            'crate' LIKE 'c%a%e'         | true
            'cxxraxxe' LIKE 'c%a%e'      | true
            'c%a%e' LIKE 'c%a%e'         | true
            'ce' LIKE 'c%a%e'            | false
            'crate' LIKE '%'             | true
            '' LIKE '%'                  | true
            '' LIKE ''                   | true
            '' LIKE 'a%'                 | false
            '' LIKE '_'                  | false
            'crate' LIKE '%%'            | true
            'crate' LIKE 'cr%'           | true
            'crate' LIKE '%te'           | true
            'crate' LIKE '%ra%'          | true
            'crate' LIKE '%rx%'          | false
            'ab' LIKE 'ab%b'             | false
            'abb' LIKE 'ab%b'            | true
            'aba' LIKE '%ab%ba'          | false
            'crate' LIKE 'cr_te'         | true
            'crte' LIKE 'cr_te'          | false
            'crate' LIKE '_____'         | true
            'crate' LIKE '____'          | false
            'crate' LIKE '______'        | false
            'cr_te' LIKE 'cr\\_te'       | true
            'crate' LIKE 'cr\\_te'       | false
            'crate' NOT LIKE 'cr\\_te'   | true
            '50%' LIKE '50\\%'           | true
            '500' LIKE '50\\%'           | false
            'a.c' LIKE 'a.c'             | true
            'abc' LIKE 'a.c'             | false
            '(a)+' LIKE '(_)+'           | true
            'xaybzc' LIKE '%a_b%c'       | true
            'xayybzc' LIKE '%a_b%c'      | false
            'xaayb' LIKE '%a_b'          | true
            'ayb' LIKE '%a_b'            | true
            'yb' LIKE '%a_b'             | false
            'a🚚c' LIKE 'a_c'            | true
            'x🚚' LIKE '%_🚚'            | true
            '🚚' LIKE '%__'              | false
            'it\\'s' LIKE "it's"         | true
            234 LIKE '23_'               | true
            2345 LIKE '23_'              | false
            TRUE LIKE 'tr%'              | true
            FALSE LIKE '%se'             | true
            -5 LIKE '-_'                 | true
            """)
    void matches(String expression, boolean expected) {
        assertThat(Cesql.compile(expression).test(MapEvent.event())).isEqualTo(expected);
    }

    @Test
    void matchesAcrossLineBreaks() {
        MapEvent event = MapEvent.event().with("note", "50%_off\nnow");

        assertThat(Cesql.compile("note LIKE '50\\%%now'").test(event)).isTrue();
        assertThat(Cesql.compile("note LIKE '50\\%\\_off_now'").test(event)).isTrue();
        assertThat(Cesql.compile("note LIKE '%off'").test(event)).isFalse();
        assertThat(Cesql.compile("absent LIKE '%'").evaluate(event))
                .isEqualTo(new Cesql.Result(false, Fault.MISSING_ATTRIBUTE));
        assertThat(Cesql.compile("absent NOT LIKE 'x'").test(event)).isFalse();
    }

    @Test
    void agreesWithARegularExpression() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            String pattern = random(random, "ab%_", 7);
            String text = random(random, "ab", 9);
            boolean expected = Pattern.matches(pattern.replace("%", ".*").replace('_', '.'), text);

            assertThat(LikePattern.compile(pattern).test(text))
                    .as("'%s' LIKE '%s'", text, pattern)
                    .isEqualTo(expected);
        }
    }

    @Test
    @Timeout(60)
    void needsLittleTimeForManyWildcards() {
        String pattern = "%a_".repeat(200) + "%b";
        String text = "a".repeat(100_000);

        assertThat(LikePattern.compile(pattern).test(text)).isFalse();
    }

    private static String random(Random random, String alphabet, int maximum) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(maximum); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
