// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.coordination.CurrentLease;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.InvalidCoordinationRequestException;
import io.mecha.coordination.LockNotAcquiredException;
import io.mecha.coordination.Locked;
import io.mecha.coordination.engine.Coordination;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.FakeBackendFactory;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;

/** Tests for {@code @Locked}. */
@ExtendWith(OutputCaptureExtension.class)
class LockedTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, CoordinationAutoConfiguration.class))
            .withPropertyValues("mecha.state.default-type=memory", "mecha.coordination.lock.wait-timeout=0s");

    @Test
    void runsUnderTheLockOfItsName() {
        runner.withBean(Shipping.class).run((context) -> {
            Shipping shipping = context.getBean(Shipping.class);
            DistributedLocks locks = context.getBean(DistributedLocks.class);

            shipping.ship("o-1", null, () -> {
                assertThat(locks.lock("order-o-1").tryAcquire()).isEmpty();
                try (HeldLock other = locks.lock("order-o-2").tryAcquire().orElseThrow()) {
                    assertThat(other.isValid()).isTrue();
                }
            });

            assertThat(locks.lock("order-o-1").tryAcquire()).isPresent();
        });
    }

    @Test
    void countsLocksOnceSomethingUsesThem() {
        runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new).run((context) -> {
            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.find("mecha.coordination.held").gauge()).isNull();
            DistributedLocks locks = context.getBean(DistributedLocks.class);

            try (HeldLock held = locks.lock("order-o-1").acquire()) {
                assertThat(held.isValid()).isTrue();
                assertThat(locks.lock("order-o-1").tryAcquire()).isEmpty();

                assertThat(meters.get("mecha.coordination.held").gauge().value())
                        .isEqualTo(1);
            }
            assertThat(meters.get("mecha.coordination.held").gauge().value()).isZero();
            assertThat(count(meters, "locks.acquired")).isEqualTo(1);
            assertThat(count(meters, "locks.missed")).isEqualTo(1);
            assertThat(count(meters, "lost")).isZero();
            assertThat(count(meters, "renewals.failed")).isZero();
        });
    }

    private static double count(MeterRegistry meters, String name) {
        return meters.get("mecha.coordination." + name).functionCounter().count();
    }

    @Test
    void givesTheMethodItsToken() {
        runner.withBean(Shipping.class).run((context) -> {
            Shipping shipping = context.getBean(Shipping.class);

            shipping.ship("o-1", null, () -> {});

            FencingToken token = shipping.lastToken();
            assertThat(token).isNotNull();
            assertThat(token.store()).isEqualTo("coordination");
            assertThatIllegalStateException().isThrownBy(CurrentLease::get);
        });
    }

    @Test
    void failsOrLeavesTheCallOutWhenSomebodyHasTheLock() {
        runner.withBean(Shipping.class).run((context) -> {
            Shipping shipping = context.getBean(Shipping.class);
            try (HeldLock held =
                    context.getBean(DistributedLocks.class).lock("order-o-1").acquire()) {
                assertThat(held.isValid()).isTrue();

                assertThatExceptionOfType(LockNotAcquiredException.class)
                        .isThrownBy(() -> shipping.ship("o-1", null, () -> {}));
                assertThat(shipping.countOrNothing("o-1")).isEmpty();
                assertThat(shipping.calls()).isZero();
            }
            assertThat(shipping.countOrNothing("o-1")).contains(1);
        });
    }

    @Test
    void keepsTheLockUntilAnAsynchronousResultIsThere() {
        runner.withBean(Shipping.class).run((context) -> {
            DistributedLocks locks = context.getBean(DistributedLocks.class);
            CompletableFuture<String> result = new CompletableFuture<>();

            CompletableFuture<String> returned = context.getBean(Shipping.class).later(result);
            assertThat(locks.lock("later").tryAcquire()).isEmpty();
            result.complete("done");

            assertThat(returned).isCompletedWithValue("done");
            assertThat(locks.lock("later").tryAcquire()).isPresent();
        });
    }

    @Test
    void tellsOfALockThatWasLostMeanwhile(CapturedOutput output) {
        runner.withBean(Shipping.class).run((context) -> {
            Shipping shipping = context.getBean(Shipping.class);
            Coordination coordination = context.getBean(Coordination.class);
            shipping.ship("o-1", null, () -> {});
            shipping.ship("o-1", null, () -> ((HeldLock) CurrentLease.get()).close());
            assertThat(output).doesNotContain("was lost before");

            shipping.ship("o-2", null, () -> {
                coordination.close();
                assertThat(CurrentLease.get().isLost()).isTrue();
            });

            assertThat(output)
                    .containsOnlyOnce("Lock 'order-o-2' (token ")
                    .contains(" was lost before method 'ship(String, FencingToken, Runnable)' of "
                            + Shipping.class.getName() + " ended")
                    .contains("@Locked(interruptOnLoss = true)");
        });
    }

    @Test
    void givesTheLockBackWhenTheMethodFails() {
        runner.withBean(Shipping.class).run((context) -> {
            assertThatIllegalStateException()
                    .isThrownBy(() -> context.getBean(Shipping.class).ship("o-1", null, () -> {
                        throw new IllegalStateException("no truck");
                    }))
                    .withMessage("no truck");
            assertThat(context.getBean(DistributedLocks.class).lock("order-o-1").tryAcquire())
                    .isPresent();
        });
    }

    @Test
    void refusesANameThatIsNull() {
        runner.withBean(Shipping.class)
                .run((context) -> assertThatExceptionOfType(InvalidCoordinationRequestException.class)
                        .isThrownBy(() -> context.getBean(Shipping.class).countOrNothing(null)));
    }

    @Test
    void takesTimesFromProperties() {
        runner.withBean(Configured.class)
                .withPropertyValues("nightly.lease=2m", "mecha.coordination.lock.lease=45s")
                .run((context) -> {
                    context.getBean(Configured.class).nightly();

                    assertThat(context.getBean(DistributedLocks.class)
                                    .lock("any")
                                    .options()
                                    .lease())
                            .hasSeconds(45);
                    // Nobody else has it for the time for which it is held at least.
                    assertThat(context.getBean(DistributedLocks.class)
                                    .lock("nightly")
                                    .tryAcquire())
                            .isEmpty();
                });
    }

    @Test
    void reportsAllMistakesTogether() {
        runner.withBean(Mistaken.class)
                .withBean(AlsoMistaken.class)
                .run((context) -> assertThat(context)
                        .getFailure()
                        .satisfies((failure) -> assertThat(mistakes(failure).mistakes())
                                .extracting((mistake) -> mistake.problem())
                                .containsExactlyInAnyOrder(
                                        "'order-#{ordr}' names 'ordr', which is no parameter.",
                                        "'soon' is not a duration.",
                                        "The lease of a lock or leader is PT0.5S.",
                                        "The lease of a lock or leader is PT0.005S. 5 without a unit is 5 ms.",
                                        "'${missing}' has a placeholder that cannot be resolved.",
                                        "It returns a Mono, whose work begins when the method has returned.",
                                        "It returns int, and there is none for a call that is left out.",
                                        "Its result comes later: it can be neither reentrant nor interrupted.")));
    }

    @Test
    void reportsTimesThatAreOutOfBounds() {
        runner.withBean(Shipping.class)
                .withPropertyValues(
                        "mecha.coordination.lock.lease=10ms",
                        "mecha.coordination.election.lease=5s",
                        "mecha.coordination.election.margin=4s")
                .run((context) -> assertThat(
                                mistakes(context.getStartupFailure()).mistakes())
                        .extracting((mistake) -> mistake.property())
                        .containsExactly("mecha.coordination.lock.lease", "mecha.coordination.election.margin"));
    }

    @Test
    void refusesAStoreThatIsNamedAndNotConfigured() {
        runner.withPropertyValues("mecha.coordination.store=locks", "mecha.state.stores.carts.type=memory")
                .run((context) -> assertThat(
                                mistakes(context.getStartupFailure()).mistakes())
                        .singleElement()
                        .satisfies((mistake) -> {
                            assertThat(mistake.code()).isEqualTo("MECHA-K106");
                            assertThat(mistake.property()).isEqualTo("mecha.coordination.store");
                            assertThat(mistake.problem())
                                    .isEqualTo("State store 'locks' is not configured; configured are: carts.");
                        }));
    }

    @Test
    void takesAStoreThatIsNamedAndConfigured() {
        runner.withBean(Shipping.class)
                .withPropertyValues("mecha.coordination.store=locks", "mecha.state.stores.locks.type=memory")
                .run((context) -> {
                    Shipping shipping = context.getBean(Shipping.class);
                    shipping.ship("o-1", null, () -> {});
                    assertThat(shipping.lastToken()).isNotNull();
                    assertThat(shipping.lastToken().store()).isEqualTo("locks");
                });
    }

    @Test
    void warnsOfLeasesThatEachNodeHasForItselfWhereOthersAreShared(CapturedOutput output) {
        ApplicationContextRunner shared = runner.withBean(
                        FakeBackendFactory.class, () -> new FakeBackendFactory("shared"))
                .withPropertyValues("mecha.state.stores.carts.type=shared");
        shared.run((context) -> assertThat(output).doesNotContain("keeps leases"));
        runner.withBean(Shipping.class).run((context) -> assertThat(output).doesNotContain("keeps leases"));
        shared.withBean(Shipping.class)
                .withPropertyValues("mecha.state.stores.coordination.type=shared")
                .run((context) -> {
                    var unused = context.getBean(Shipping.class).later(new CompletableFuture<>());
                });
        assertThat(output).doesNotContain("keeps leases");

        shared.withBean(Shipping.class)
                .run(
                        (context) -> assertThat(output)
                                .containsOnlyOnce(
                                        "State store 'coordination' of type memory keeps leases (mecha.coordination.store)"
                                                + " and is for one process alone, while 'carts' of type shared is shared: with several"
                                                + " nodes, each has every lock and leads; set mecha.state.stores.coordination.type to"));
    }

    @Test
    void opensNoStoreWhereNothingIsLocked() {
        runner.run((context) ->
                assertThat(context.getBean(StateStores.class).names()).isEmpty());
    }

    static InvalidConfigurationException mistakes(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof InvalidConfigurationException)) {
            cause = cause.getCause();
        }
        assertThat(cause).isNotNull();
        return (InvalidConfigurationException) cause;
    }

    /** Methods under locks. */
    static class Shipping {

        private final AtomicInteger calls = new AtomicInteger();
        private @Nullable FencingToken token;

        public @Nullable FencingToken lastToken() {
            return token;
        }

        public int calls() {
            return calls.get();
        }

        @Locked("order-#{id}")
        public void ship(String id, @Nullable FencingToken own, Runnable work) {
            token = own;
            assertThat(CurrentLease.get().token()).isEqualTo(own);
            work.run();
        }

        @Locked(value = "#{id == null ? null : 'order-' + id}", skip = true)
        public Optional<Integer> countOrNothing(@Nullable String id) {
            return Optional.of(calls.incrementAndGet());
        }

        @Locked("later")
        public CompletableFuture<String> later(CompletableFuture<String> result) {
            return result;
        }
    }

    /** A method whose times are configured. */
    static class Configured {

        @Locked(value = "nightly", lease = "${nightly.lease}", atLeast = "1m")
        public void nightly() {}
    }

    /** Methods that cannot run under a lock. */
    static class Mistaken {

        @Locked("order-#{ordr}")
        public void unknown(String order) {}

        @Locked(value = "a", lease = "soon")
        public void unreadable() {}

        @Locked(value = "a", lease = "500ms")
        public void tooShort() {}

        @Locked(value = "a", lease = "5")
        public void unitless() {}

        @Locked("${missing}")
        public void unresolved() {}
    }

    /** Methods that return what nobody can await or make up. */
    static class AlsoMistaken {

        @Locked("a")
        public Mono<String> reactive() {
            return Mono.just("a");
        }

        @Locked(value = "a", skip = true)
        public int primitive() {
            return 1;
        }

        @Locked(value = "a", reentrant = true)
        public CompletableFuture<String> later() {
            return CompletableFuture.completedFuture("a");
        }
    }
}
