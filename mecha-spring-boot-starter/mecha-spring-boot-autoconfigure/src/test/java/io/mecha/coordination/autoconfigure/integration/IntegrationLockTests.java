// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.autoconfigure.CoordinationAutoConfiguration;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.integration.support.locks.RenewableLockRegistry;

/** Tests for {@link IntegrationLockRegistry}. */
class IntegrationLockTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class,
                    StateAutoConfiguration.class,
                    CoordinationAutoConfiguration.class,
                    IntegrationAutoConfiguration.class))
            .withPropertyValues("mecha.state.default-type=memory");
    private final ExecutorService other = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        other.shutdownNow();
    }

    @Test
    void isReentrantAndKnownByItsKey() {
        runner.run((context) -> {
            LockRegistry<?> registry = context.getBean(LockRegistry.class);
            Lock lock = registry.obtain("a");

            lock.lock();
            try {
                assertThat(registry.obtain("a").tryLock()).isTrue();
                assertThat(elsewhere(() -> registry.obtain("a").tryLock())).isFalse();
                assertThat(elsewhere(() -> registry.obtain("b").tryLock())).isTrue();

                registry.obtain("a").unlock();
                assertThat(elsewhere(() -> registry.obtain("a").tryLock())).isFalse();
            } finally {
                lock.unlock();
            }
            assertThat(elsewhere(() -> registry.obtain("a").tryLock())).isTrue();
        });
    }

    @Test
    void isALockOfMecha() {
        runner.run((context) -> {
            LockRegistry<?> registry = context.getBean(LockRegistry.class);
            String result = registry.executeLocked("a", () -> {
                assertThat(elsewhere(() -> context.getBean(DistributedLocks.class)
                                .lock("a")
                                .tryAcquire()
                                .isPresent()))
                        .isFalse();
                return "done";
            });

            assertThat(result).isEqualTo("done");
        });
    }

    @Test
    void saysWhatToUseInsteadOfConditions() {
        runner.run((context) -> assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(
                        () -> context.getBean(LockRegistry.class).obtain("a").newCondition())
                .withMessageContaining("Lock 'a'")
                .withMessageContaining("tryLock"));
    }

    @Test
    void isGivenBackByItsThreadOnly() {
        runner.run((context) -> {
            LockRegistry<?> registry = context.getBean(LockRegistry.class);
            registry.obtain("a").lock();

            assertThatExceptionOfType(IllegalMonitorStateException.class)
                    .isThrownBy(() -> elsewhere(() -> {
                        registry.obtain("a").unlock();
                        return true;
                    }));
            assertThatExceptionOfType(IllegalMonitorStateException.class)
                    .isThrownBy(() -> registry.obtain("b").unlock());
        });
    }

    @Test
    void endsAWaitWithAnInterruptOrAfterItsTime() {
        runner.run((context) -> {
            LockRegistry<?> registry = context.getBean(LockRegistry.class);
            CountDownLatch held = new CountDownLatch(1);
            assertThat(elsewhere(() -> {
                        registry.obtain("a").lock();
                        held.countDown();
                        return true;
                    }))
                    .isTrue();
            held.await();

            assertThat(registry.obtain("a").tryLock(1, TimeUnit.MILLISECONDS)).isFalse();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> registry.obtain("a").lockInterruptibly());
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
    }

    @Test
    void renewsWhatThisThreadHolds() {
        runner.run((context) -> {
            RenewableLockRegistry<?> registry = context.getBean(RenewableLockRegistry.class);
            registry.obtain("a").lock();

            registry.renewLock("a");
            registry.renewLock("a", Duration.ofMinutes(2));

            assertThatIllegalStateException().isThrownBy(() -> registry.renewLock("b"));
        });
    }

    @Test
    void staysAwayWhereIntegrationIsNotThere() {
        runner.withClassLoader(new FilteredClassLoader(LockRegistry.class))
                .run((context) -> assertThat(context).doesNotHaveBean("mechaIntegrationLockRegistry"));
    }

    private <T> T elsewhere(Callable<T> work) throws Exception {
        try {
            return other.submit(work).get();
        } catch (java.util.concurrent.ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }
}
