// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.coordination.Candidacy;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.HeldLock;
import io.mecha.coordination.LeaderElection;
import io.mecha.coordination.LeaderListener;
import io.mecha.coordination.Leadership;
import io.mecha.coordination.LockOptions;
import io.mecha.coordination.StepDownReason;
import io.mecha.state.KeyValueStore;
import io.mecha.state.TransactionResult;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.test.Eventually;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples of the guide. */
class LockGuideTests {

    private final StateStoreComponent store = StateStoreComponent.builder(
                    "orders", "memory", new MemoryStateBackend(InstantSource.system()), JacksonCodecs.standard())
            .build();
    private final KeyValueStore<String> orders = store.store(String.class);
    private final Coordination node = Coordination.builder(store).build();
    private final DistributedLocks locks = node.locks();
    private final LeaderElection elections = node.elections();
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        node.close();
    }

    // tag::leader[]
    final class Report implements LeaderListener {

        @Override
        public void onElected(Leadership leadership) { // interrupted when it is to end
            begin(leadership.token());
        }

        @Override
        public void onStepDown(Leadership leadership, StepDownReason reason) {
            end(); // nobody else leads before this returns
        }
    }
    // end::leader[]

    private void begin(Object token) {
        done.add("begun " + token);
    }

    private void end() {
        done.add("ended");
    }

    private void ship(String id) {
        done.add("shipped " + id);
    }

    @Test
    void holdsALock() {
        // tag::lock[]
        try (HeldLock held = locks.lock("order-7").acquire()) { // waits up to 30 seconds
            ship("7");
            held.assertValid(); // or LeaseLostException
            orders.put("7", "shipped");
        }
        // end::lock[]

        assertThat(done).containsExactly("shipped 7");
        assertThat(orders.get("7")).contains("shipped");
    }

    @Test
    void triesALockWithOptions() {
        // tag::options[]
        LockOptions once = LockOptions.defaults()
                .lease(Duration.ofMinutes(2)) // so long it stays with a node that died
                .atLeast(Duration.ofSeconds(30)) // nobody has it again before that
                .interruptOnLoss(true);
        Optional<HeldLock> mine = locks.lock("nightly", once).tryAcquire();
        // end::options[]

        assertThat(mine).isPresent();
        mine.orElseThrow().close();
        assertThat(locks.lock("nightly", once).tryAcquire()).isEmpty();
    }

    @Test
    void guardsATransaction() {
        HeldLock held = locks.lock("order-7").acquire();

        // tag::fence[]
        TransactionResult result = orders.transact(tx -> {
            tx.fence(held.token()); // Fenced if anybody got the lock since
            tx.put("7", "shipped");
        });
        // end::fence[]

        assertThat(result.committed()).isTrue();
    }

    @Test
    void leads() {
        // tag::join[]
        Candidacy candidacy = elections.join("report", new Report());
        // end::join[]
        Eventually.eventually(
                Duration.ofSeconds(30), () -> assertThat(candidacy.isLeader()).isTrue());
        Eventually.eventually(Duration.ofSeconds(30), () -> assertThat(done).hasSize(1));

        candidacy.close();

        assertThat(done).hasSize(2).endsWith("ended");
    }
}
