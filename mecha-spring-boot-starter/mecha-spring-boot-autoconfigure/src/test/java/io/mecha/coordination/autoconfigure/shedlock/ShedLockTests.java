// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.shedlock;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.autoconfigure.CoordinationAutoConfiguration;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.LockingTaskExecutor;
import net.javacrumbs.shedlock.core.SimpleLock;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Tests for {@link ShedLockProvider}. */
class ShedLockTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    CoordinationAutoConfiguration.class,
                    ShedLockAutoConfiguration.class))
            .withPropertyValues("mecha.state.default-type=memory");

    @Test
    void runsATaskUnderALockOfMecha() {
        runner.run((context) -> {
            LockingTaskExecutor tasks = new DefaultLockingTaskExecutor(context.getBean(LockProvider.class));
            DistributedLocks locks = context.getBean(DistributedLocks.class);

            LockingTaskExecutor.TaskResult<Boolean> result = tasks.executeWithLock(
                    () -> locks.lock("nightly").tryAcquire().isPresent(), configuration("nightly", 30, 0));

            assertThat(result.wasExecuted()).isTrue();
            assertThat(result.getResult()).isFalse();
            assertThat(locks.lock("nightly").tryAcquire()).isPresent();
        });
    }

    @Test
    void leavesOutATaskThatRunsElsewhereOrRanJustNow() {
        runner.run((context) -> {
            LockProvider provider = context.getBean(LockProvider.class);
            SimpleLock held = provider.lock(configuration("nightly", 30, 20)).orElseThrow();

            assertThat(provider.lock(configuration("nightly", 30, 20))).isEmpty();
            held.unlock();
            assertThat(provider.lock(configuration("nightly", 30, 20))).isEmpty();
        });
    }

    @Test
    void extendsALockUntilItIsLost() {
        runner.run((context) -> {
            LockProvider provider = context.getBean(LockProvider.class);
            SimpleLock held = provider.lock(configuration("nightly", 30, 0)).orElseThrow();

            Optional<SimpleLock> extended = held.extend(Duration.ofSeconds(60), Duration.ZERO);
            assertThat(extended).isPresent();
            assertThat(provider.lock(configuration("nightly", 1, 0))).isEmpty();
            extended.orElseThrow().unlock();
            assertThat(provider.lock(configuration("nightly", 1, 0))).isPresent();
        });
    }

    @Test
    void keepsAnExtendedLockForAsLongAsTheExtensionDemands() {
        runner.run((context) -> {
            LockProvider provider = context.getBean(LockProvider.class);
            SimpleLock held = provider.lock(configuration("nightly", 30, 0)).orElseThrow();

            held.extend(Duration.ofSeconds(60), Duration.ofSeconds(50))
                    .orElseThrow()
                    .unlock();

            assertThat(provider.lock(configuration("nightly", 30, 0))).isEmpty();
        });
    }

    @Test
    void staysAwayWhereShedLockIsNotThereOrHasAProvider() {
        runner.withClassLoader(new FilteredClassLoader(LockProvider.class))
                .run((context) -> assertThat(context).doesNotHaveBean("mechaShedLockProvider"));
        runner.withBean("own", LockProvider.class, () -> (configuration) -> Optional.empty())
                .run((context) -> assertThat(context).hasSingleBean(LockProvider.class));
    }

    private static LockConfiguration configuration(String name, int mostSeconds, int leastSeconds) {
        return new LockConfiguration(
                Instant.now(), name, Duration.ofSeconds(mostSeconds), Duration.ofSeconds(leastSeconds));
    }
}
