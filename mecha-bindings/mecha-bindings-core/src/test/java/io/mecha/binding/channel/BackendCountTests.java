// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import static io.mecha.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackendCountTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final AtomicBoolean slow = new AtomicBoolean();
    private final AtomicInteger asked = new AtomicInteger();
    private final CompletableFuture<OptionalLong> late = new CompletableFuture<>();

    @AfterEach
    void close() {
        late.complete(OptionalLong.empty());
        executor.shutdownNow();
    }

    private BackendCount count(Duration patience, Supplier<OptionalLong> answer) {
        return new BackendCount(
                () -> {
                    asked.incrementAndGet();
                    return answer.get();
                },
                executor,
                slow,
                patience);
    }

    @Test
    void waitsForABackendThatAnswersAndRemembersForAMoment() {
        BackendCount count = count(SOON, () -> OptionalLong.of(7));

        assertThat(count.get()).hasValue(7);
        assertThat(count.get()).hasValue(7);

        assertThat(asked).hasValue(1);
    }

    @Test
    void asksABackendThatIsAwayOnceAndWaitsOnlyTheFirstTime() {
        BackendCount count = count(Duration.ofMillis(1), late::join);
        BackendCount other = count(Duration.ofHours(1), late::join);

        for (int look = 0; look < 100; look++) {
            assertThat(count.get()).isEmpty();
            assertThat(other.get()).as("shares what is known of the backend").isEmpty();
        }

        eventually(SOON, () -> assertThat(asked).hasValue(2)); // the last question may only be on its way
    }

    @Test
    void knowsTheNumberOnceTheBackendIsBack() {
        BackendCount count = count(Duration.ofMillis(1), late::join);
        assertThat(count.get()).isEmpty();

        late.complete(OptionalLong.of(3));

        eventually(SOON, () -> assertThat(count.get()).hasValue(3));
    }

    @Test
    void doesNotKnowWhereTheQuestionFails() {
        BackendCount count = count(SOON, () -> {
            throw new AssertionError("refused");
        });

        assertThat(count.get()).isEmpty();
    }

    @Test
    void doesNotKnowOnceTheEngineIsClosed() {
        executor.shutdownNow();

        assertThat(count(SOON, () -> OptionalLong.of(1)).get()).isEmpty();
    }
}
