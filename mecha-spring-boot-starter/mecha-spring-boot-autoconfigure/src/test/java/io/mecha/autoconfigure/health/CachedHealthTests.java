// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class CachedHealthTests {

    @Test
    void waitsNoSecondTimeForACheckThatHangs() {
        CompletableFuture<Health> never = new CompletableFuture<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            CachedHealth health = new CachedHealth(never::join, threads, Duration.ofSeconds(2), Duration.ZERO);
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            long start = System.nanoTime();

            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        } finally {
            never.complete(Health.up().build());
            threads.shutdownNow();
        }
    }
}
