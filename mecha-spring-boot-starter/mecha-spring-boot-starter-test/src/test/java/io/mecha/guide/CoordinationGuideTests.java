// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.coordination.ClusterSingleton;
import io.mecha.coordination.CurrentLease;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.FencingToken;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.LeaderOnly;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.LeadershipChange;
import io.mecha.coordination.LockOptions;
import io.mecha.coordination.Locked;
import io.mecha.coordination.StepDownReason;
import io.mecha.test.Eventually;
import io.mecha.test.autoconfigure.MechaTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;

/** The code of docs/coordination.md. */
@MechaTest
class CoordinationGuideTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    // tag::locked[]
    @Service
    static class Shipping {

        private final List<String> shipped = new CopyOnWriteArrayList<>();

        @Locked("order-#{id}")
        public void ship(String id) {
            shipped.add(id + " under " + CurrentLease.get().token().value());
        }

        @Scheduled(cron = "0 0 3 * * *")
        @Locked(value = "nightly", skip = true, waitTimeout = "0s", lease = "2m", atLeast = "1m")
        public void nightly() {
            shipped.clear();
        }
    }
    // end::locked[]

    @Service
    static class Transfers {

        private final DistributedLocks locks;

        Transfers(DistributedLocks locks) {
            this.locks = locks;
        }

        Optional<FencingToken> transfer(String account) {
            LockOptions options =
                    LockOptions.defaults().lease(Duration.ofSeconds(10)).interruptOnLoss(true);
            Optional<HeldLock> lock = locks.lock("account-" + account, options).tryAcquire(Duration.ofSeconds(2));
            if (lock.isEmpty()) {
                return Optional.empty(); // somebody had it for two seconds
            }
            try (HeldLock held = lock.get()) {
                held.assertValid();
                return Optional.of(held.token()); // to be written with the data
            }
        }
    }

    // tag::leader[]
    @Component
    static class Reports {

        private final List<Long> reports = new CopyOnWriteArrayList<>();

        @Scheduled(fixedDelay = 50)
        @LeaderOnly("reports")
        public void report() {
            reports.add(CurrentLease.get().token().value());
        }

        public int count() {
            return reports.size();
        }
    }
    // end::leader[]

    // tag::singleton[]
    @Component
    @ClusterSingleton("feed")
    static class Feed implements LeaderListener {

        private final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void onElected(Leadership leadership) {
            events.add("started"); // begin to read the feed
        }

        @Override
        public void onStepDown(Leadership leadership, StepDownReason reason) {
            events.add("stopped: " + reason); // returns when nothing is read any more
        }

        @EventListener
        void changed(LeadershipChange change) {
            events.add(change.name() + " " + change.state());
        }
    }
    // end::singleton[]

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableScheduling
    @Import({Shipping.class, Transfers.class, Reports.class, Feed.class})
    static class Application {}

    @Autowired
    private Shipping shipping;

    @Autowired
    private Transfers transfers;

    @Autowired
    private Reports reports;

    @Autowired
    private Feed feed;

    @Test
    void coordinatesNodes() {
        shipping.ship("o-1");
        assertThat(transfers.transfer("a-1")).isPresent();

        Eventually.eventually(PATIENCE, () -> assertThat(reports.count()).isPositive());
        Eventually.eventually(PATIENCE, () -> assertThat(feed.events).contains("feed LEADING", "started"));
    }
}
