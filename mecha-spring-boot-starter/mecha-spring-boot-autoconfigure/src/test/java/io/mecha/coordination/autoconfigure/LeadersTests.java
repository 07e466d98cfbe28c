// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import static io.mecha.coordination.autoconfigure.LockedTests.mistakes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.MechaComponents;
import io.mecha.coordination.Candidacy;
import io.mecha.coordination.ClusterSingleton;
import io.mecha.coordination.CurrentLease;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.LeaderElection;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.LeaderOnly;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.LeadershipChange;
import io.mecha.coordination.StepDownReason;
import io.mecha.lifecycle.Initializer;
import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.drain.DrainAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.start.StartAutoConfiguration;
import io.mecha.lifecycle.start.StartGate;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;

/** Tests for {@code @LeaderOnly} and {@code @ClusterSingleton}. */
class LeadersTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, CoordinationAutoConfiguration.class))
            .withPropertyValues("mecha.state.default-type=memory", "reports=reports");

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Test
    void callsTheMethodOnTheLeaderOnly() {
        runner.withBean(Reports.class).run((context) -> {
            Reports reports = context.getBean(Reports.class);
            awaitLeader(context.getBean(LeaderElection.class));

            await().until(() -> "made".equals(reports.report(null)));
            assertThat(reports.lastToken()).isNotNull();
            context.getBean(LeaderElection.class).candidacies().get(0).yieldLeadership();

            assertThat(reports.report(null)).isNull();
        });
    }

    @Test
    void handsOverWhenCallsHaveReturned() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        runner.withBean(Reports.class).run((context) -> {
            Reports reports = context.getBean(Reports.class);
            Candidacy candidacy = awaitLeader(context.getBean(LeaderElection.class));
            await().until(() -> "made".equals(reports.report(null)));
            CompletableFuture<Void> call = CompletableFuture.runAsync(() -> reports.slow(reports, begun, end), threads);
            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();

            CompletableFuture<Void> yielded = CompletableFuture.runAsync(candidacy::yieldLeadership, threads);
            await().until(() -> candidacy.state() == Candidacy.State.STEPPING_DOWN);
            // No call begins any more, but for those of calls that run.
            await().until(() -> reports.report(null) == null);
            assertThat(yielded).isNotDone();
            end.countDown();

            call.join();
            yielded.join();
            assertThat(reports.nested()).isEqualTo("made");
        });
    }

    @Test
    void yieldsWithoutAWaitUnderALockToo() {
        runner.withBean(Reports.class).run((context) -> {
            Reports reports = context.getBean(Reports.class);
            Candidacy candidacy = awaitLeader(context.getBean(LeaderElection.class));
            await().until(() -> "made".equals(reports.report(null)));
            HeldLock lock = context.getBean(DistributedLocks.class).lock("a").acquire();

            String done = CompletableFuture.supplyAsync(() -> reports.resign(candidacy, lock), threads)
                    .get(1, TimeUnit.MINUTES);

            assertThat(done).isEqualTo("resigned");
            await().until(() -> candidacy.state() == Candidacy.State.STANDING);
            lock.close();
        });
    }

    @Test
    void yieldsWithoutAWaitInAResultThatComesLater() {
        runner.withBean(Reports.class).run((context) -> {
            Reports reports = context.getBean(Reports.class);
            Candidacy candidacy = awaitLeader(context.getBean(LeaderElection.class));
            await().until(() -> "made".equals(reports.report(null)));

            CompletableFuture<String> done = reports.resignLater(candidacy, threads);

            assertThat(done.get(1, TimeUnit.MINUTES)).isEqualTo("resigned");
            await().until(() -> candidacy.state() == Candidacy.State.STANDING);
        });
    }

    @Test
    void electsASingletonOfTheCluster() {
        Feed feed = new Feed();
        runner.withBean(Feed.class, () -> feed).withBean(Reports.class).run((context) -> {
            await().until(() -> feed.events.contains("elected"));

            // Methods and a bean of the same name have one candidate.
            assertThat(context.getBean(LeaderElection.class).candidacies()).hasSize(1);
            await().until(() -> "made".equals(context.getBean(Reports.class).report(null)));
        });
        assertThat(feed.events).containsExactly("LEADING", "elected", "STEPPING_DOWN", "WITHDRAWN", "STANDING");
    }

    @Test
    void waitsForALeaderThatDoesNotStepDownNoLongerThanTheShutdownBudget() {
        Deaf deaf = new Deaf();
        AtomicLong closed = new AtomicLong();
        runner.withConfiguration(AutoConfigurations.of(DrainAutoConfiguration.class))
                .withPropertyValues("mecha.lifecycle.shutdown-budget=1s")
                .withBean(Deaf.class, () -> deaf)
                .run((context) -> {
                    awaitLeader(context.getBean(LeaderElection.class));

                    long start = System.nanoTime();
                    context.close();
                    closed.set(System.nanoTime() - start);
                });
        deaf.end.countDown();

        assertThat(Duration.ofNanos(closed.get())).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void electsNobodyBeforeTheGateOfTheStartOpens() {
        CountDownLatch there = new CountDownLatch(1);
        runner.withConfiguration(AutoConfigurations.of(LifecycleAutoConfiguration.class, StartAutoConfiguration.class))
                .withPropertyValues("mecha.lifecycle.start.retry.initial=5ms")
                .withBean(Prefill.class, () -> new Prefill(there))
                .withBean(Feed.class, Feed::new)
                .run((context) -> {
                    LeaderElection election = context.getBean(LeaderElection.class);
                    assertThat(election.candidacies()).isEmpty();

                    context.stop();
                    context.start();
                    there.countDown();

                    await().until(() -> context.getBean(StartGate.class).isOpen());
                    awaitLeader(election);
                });
    }

    @Test
    void showsOperatorsWhoLeads() {
        runner.withBean(Reports.class).run((context) -> {
            awaitLeader(context.getBean(LeaderElection.class));

            MechaComponents components = context.getBean(CoordinationComponents.class);
            assertThat(components.components())
                    .extracting((component) -> component.name() + " " + component.type())
                    .containsExactly("leases store", "reports leader");
            assertThat(components.components().get(1).details())
                    .containsEntry("state", Candidacy.State.LEADING)
                    .containsKey("token");
        });
    }

    @Test
    void showsNothingAndOpensNoStoreWhereNothingIsUsed() {
        runner.run((context) -> {
            assertThat(context.getBean(CoordinationComponents.class).components())
                    .isEmpty();
            assertThat(context.getBean(StateStores.class).names()).isEmpty();
        });
    }

    @Test
    void refusesSingletonsThatCannotBeElected() {
        runner.withBean(NoListener.class)
                .withBean("one", Feed.class, Feed::new)
                .withBean("two", Feed.class, Feed::new)
                .withBean("unnamed", Unnamed.class)
                .run((context) -> assertThat(
                                mistakes(context.getStartupFailure()).mistakes())
                        .extracting((mistake) -> mistake.problem())
                        .containsExactlyInAnyOrder(
                                "A @ClusterSingleton is a singleton that implements LeaderListener, and this bean is not.",
                                "Bean 'one' has a @ClusterSingleton with the same name.",
                                "'${missing}' has a placeholder that cannot be resolved."));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static Candidacy awaitLeader(LeaderElection election) {
        List<Candidacy> candidacies = election.candidacies();
        assertThat(candidacies).hasSize(1);
        await().until(candidacies.get(0)::isLeader);
        return candidacies.get(0);
    }

    /** Methods of a leader. */
    static class Reports {

        private @Nullable FencingToken token;
        private @Nullable String nested;

        public @Nullable FencingToken lastToken() {
            return token;
        }

        public @Nullable String nested() {
            return nested;
        }

        @LeaderOnly("${reports}")
        public @Nullable String report(@Nullable Leadership leadership) {
            token = leadership == null ? null : leadership.token();
            return "made";
        }

        @LeaderOnly("reports")
        public @Nullable String resign(Candidacy candidacy, HeldLock lock) {
            try {
                return CurrentLease.call(lock, () -> {
                    candidacy.yieldLeadership();
                    return "resigned";
                });
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }

        @LeaderOnly("reports")
        public CompletableFuture<String> resignLater(Candidacy candidacy, Executor threads) {
            return CompletableFuture.supplyAsync(
                    () -> {
                        candidacy.yieldLeadership();
                        return "resigned";
                    },
                    threads);
        }

        @LeaderOnly("reports")
        public void slow(Reports self, CountDownLatch begun, CountDownLatch end) {
            assertThat(CurrentLease.get()).isInstanceOf(Leadership.class);
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException lost) {
                Thread.currentThread().interrupt();
            }
            nested = self.report(null);
        }
    }

    /** A bean that works on one node. */
    @ClusterSingleton("reports")
    static class Feed implements LeaderListener {

        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onElected(Leadership leadership) {
            events.add("elected");
        }

        @Override
        public void onStepDown(Leadership leadership, StepDownReason reason) {
            events.add(reason.name());
        }

        @EventListener
        public void changed(LeadershipChange change) {
            events.add(change.state().name());
        }
    }

    /** An initializer that is tried until something is there. */
    static class Prefill {

        private final CountDownLatch there;

        Prefill(CountDownLatch there) {
            this.there = there;
        }

        @Initializer(maxAttempts = "1", onFailure = Initializer.OnFailure.KEEP_TRYING)
        void fill() {
            if (there.getCount() > 0) {
                throw new IllegalStateException("not yet");
            }
        }
    }

    /** A leader that hears nothing. */
    @ClusterSingleton("deaf")
    static class Deaf implements LeaderListener {

        final CountDownLatch end = new CountDownLatch(1);

        @Override
        public void onElected(Leadership leadership) {
            while (end.getCount() > 0) {
                try {
                    end.await();
                } catch (InterruptedException deaf) {
                    // does not end
                }
            }
        }

        @Override
        public void onStepDown(Leadership leadership, StepDownReason reason) {
            // tells nobody
        }
    }

    /** A bean whose name is not there. */
    @ClusterSingleton("${missing}")
    static class Unnamed extends Deaf {}

    /** A bean that cannot be elected. */
    @ClusterSingleton("nothing")
    static class NoListener {}
}
