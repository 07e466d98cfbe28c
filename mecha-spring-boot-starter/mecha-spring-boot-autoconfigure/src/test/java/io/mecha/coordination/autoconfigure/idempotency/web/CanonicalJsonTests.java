// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":[true,null]} | { \"b\" : [true, null], \"a\" : 1 }",
                "{\"a\":{\"c\":1,\"b\":2}} | {\"a\":{\"b\":2,\"c\":1}}",
                "[1.50, 100] | [1.5,1E2]",
                "\"tea\" | \"t\\u0065a\"",
                "12345678901234567890.123456789 | 12345678901234567890.1234567890"
            })
    void isTheSameForWhatSaysTheSame(String one, String other) {
        assertThat(digest(one)).isEqualTo(digest(other)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1} | {\"a\":\"1\"}",
                "{\"a\":null} | {}",
                "{\"a\":null} | {\"a\":\"null\"}",
                "[1,2] | [2,1]",
                "[[1],2] | [1,[2]]",
                "{\"a\":{\"b\":1}} | {\"a\":{},\"b\":1}",
                "9007199254740993 | 9007199254740992",
                "0.1 | 0.10000000000000001",
                "true | \"true\""
            })
    void differsForWhatDoesNot(String one, String other) {
        assertThat(digest(one)).isNotEqualTo(digest(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{} {}", "{\"a\":1,\"a\":2}", "tea"})
    void isMissingForWhatIsNoJson(String text) {
        assertThat(digest(text)).isNull();
    }

    @Test
    void isMissingForNumbersThatHaveNoShortestSpelling() {
        assertThat(digest("[100e2147483647]")).isNull();
    }

    @Test
    void isMissingForWhatIsNestedTooDeeply() {
        assertThat(digest("[".repeat(100_000))).isNull();
    }

    private static byte[] digest(String text) {
        return CanonicalJson.digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
