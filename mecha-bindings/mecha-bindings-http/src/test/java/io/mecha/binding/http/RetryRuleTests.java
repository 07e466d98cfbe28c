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
        assertThat(LINEAR.next(1, status, null, NOW)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {100, 300, 301, 302, 304, 307, 308, 400, 401, 403, 405, 406, 410, 413, 415, 418, 422, 426, 431, 451})
    void givesUpWhatWillNot(int status) {
        assertThat(LINEAR.next(1, status, null, NOW)).isEmpty();
    }

    @Test
    void waitsLongerEachTimeAndThenGivesUp() {
        assertThat(LINEAR.next(1, 500, null, NOW)).contains(Duration.ofSeconds(1));
        assertThat(LINEAR.next(2, 500, null, NOW)).contains(Duration.ofSeconds(2));
        assertThat(LINEAR.next(5, 500, null, NOW)).contains(Duration.ofSeconds(5));
        assertThat(LINEAR.next(6, 500, null, NOW)).isEmpty();
        assertThat(EXPONENTIAL.next(1, 500, null, NOW)).contains(Duration.ofSeconds(1));
        assertThat(EXPONENTIAL.next(2, 500, null, NOW)).contains(Duration.ofSeconds(2));
        assertThat(EXPONENTIAL.next(5, 500, null, NOW)).contains(Duration.ofSeconds(16));
        assertThat(new RetryRule(100, BackoffPolicy.EXPONENTIAL, Duration.ofSeconds(1), Duration.ZERO)
                        .next(99, 500, null, NOW))
                .contains(Duration.ofMinutes(10));
    }

    @Test
    void waitsAsLongAsItIsAskedToUpToAMaximum() {
        assertThat(LINEAR.next(1, 429, "7", NOW)).contains(Duration.ofSeconds(7));
        assertThat(LINEAR.next(1, 429, "0", NOW)).contains(Duration.ofSeconds(1));
        assertThat(LINEAR.next(1, 503, "9999", NOW)).contains(Duration.ofSeconds(20));
        assertThat(LINEAR.next(1, 503, "Wed, 25 Nov 2026 04:00:09 GMT", NOW)).contains(Duration.ofSeconds(9));
        assertThat(LINEAR.next(1, 503, "Wed, 25 Nov 2026 03:00:09 GMT", NOW)).contains(Duration.ofSeconds(1));
        assertThat(LINEAR.next(1, 503, "soon", NOW)).contains(Duration.ofSeconds(1));
        assertThat(LINEAR.next(1, 503, "99999999999999999999", NOW)).contains(Duration.ofSeconds(1));
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
