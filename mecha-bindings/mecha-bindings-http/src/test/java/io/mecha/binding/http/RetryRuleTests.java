// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.binding.http.HttpBindingBackend.BackoffPolicy;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryRuleTests {

    private static final Instant NOW = Instant.parse("2026-11-25T04:00:00Z");
    private static final RetryRule LINEAR = rule(BackoffPolicy.LINEAR);
    private static final RetryRule EXPONENTIAL = rule(BackoffPolicy.EXPONENTIAL);

    private static RetryRule rule(BackoffPolicy policy) {
        return new RetryRule(5, policy, Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 408, 409, 429, 500, 501, 502, 503, 504, 599, RetryRule.NO_ANSWER})
    void triesAgainWhatMayWorkLater(int status) {
        assertThat(LINEAR.next(1, status, Duration.ZERO)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {100, 300, 301, 302, 304, 307, 308, 400, 401, 403, 405, 406, 410, 413, 415, 418, 422, 426, 431, 451})
    void givesUpWhatWillNot(int status) {
        assertThat(LINEAR.next(1, status, Duration.ZERO)).isEmpty();
    }

    @Test
    void waitsLongerEachTimeAndThenGivesUp() {
        assertThat(LINEAR.next(1, 500, Duration.ZERO)).contains(Duration.ofSeconds(1));
        assertThat(LINEAR.next(2, 500, Duration.ZERO)).contains(Duration.ofSeconds(2));
        assertThat(LINEAR.next(5, 500, Duration.ZERO)).contains(Duration.ofSeconds(5));
        assertThat(LINEAR.next(6, 500, Duration.ZERO)).isEmpty();
        assertThat(EXPONENTIAL.next(1, 500, Duration.ZERO)).contains(Duration.ofSeconds(1));
        assertThat(EXPONENTIAL.next(2, 500, Duration.ZERO)).contains(Duration.ofSeconds(2));
        assertThat(EXPONENTIAL.next(5, 500, Duration.ZERO)).contains(Duration.ofSeconds(16));
        assertThat(new RetryRule(100, BackoffPolicy.EXPONENTIAL, Duration.ofSeconds(1), Duration.ZERO)
                        .next(99, 500, Duration.ZERO))
                .contains(Duration.ofMinutes(10));
    }

    @Test
    void waitsAsLongAsItIsAskedToUpToAMaximum() {
        assertThat(LINEAR.next(1, 429, Duration.ofSeconds(7))).contains(Duration.ofSeconds(7));
        assertThat(LINEAR.next(1, 429, Duration.ZERO)).contains(Duration.ofSeconds(1));
        assertThat(LINEAR.bounded(Duration.ofHours(3))).isEqualTo(Duration.ofSeconds(20));
        assertThat(LINEAR.bounded(Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(9));
        assertThat(LINEAR.waits(Duration.ofSeconds(20))).isTrue();
        assertThat(LINEAR.waits(Duration.ofSeconds(21))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0                                     | PT0S
            7                                     | PT7S
            0000000000000000000000000000000000007 | PT7S
            9999999999                            | PT876000H
            99999999999999999999999999999999      | PT876000H
            -1                                    | PT0S
            1.5                                   | PT0S
            soon                                  | PT0S
            Wed, 25 Nov 2026 04:00:09 GMT         | PT9S
            wed, 25 nov 2026 04:00:09 gmt         | PT9S
            Wednesday, 25-Nov-26 04:00:09 GMT     | PT9S
            Wed Nov 25 04:00:09 2026              | PT9S
            Tue Dec  1 04:00:00 2026              | PT144H
            Tue, 01 Dec 2026 04:00:00 GMT         | PT144H
            Wed, 25 Nov 2026 03:00:09 GMT         | PT0S
            Sunday, 06-Nov-94 08:49:37 GMT        | PT0S
            Sun Nov  6 08:49:37 1994              | PT0S
            Wed, 25 Nov 2026 04:00:09 +0100       | PT0S
            """)
    void readsAllFormsOfRetryAfter(String value, Duration expected) {
        assertThat(RetryAfter.delay(value, NOW)).isEqualTo(expected);
    }

    @Test
    void refusesWhatCannotWork() {
        Duration second = Duration.ofSeconds(1);

        assertThatIllegalArgumentException().isThrownBy(() -> new RetryRule(-1, BackoffPolicy.LINEAR, second, second));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryRule(1, BackoffPolicy.LINEAR, Duration.ZERO, second));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryRule(1, BackoffPolicy.LINEAR, second, second.negated()));
    }
}
