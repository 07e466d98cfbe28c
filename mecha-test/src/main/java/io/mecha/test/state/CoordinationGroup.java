// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.coordination.FencingToken;
import io.mecha.coordination.HeldLease;
import io.mecha.coordination.LockOptions;
import io.mecha.state.TransactionResult;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Applicability;
import io.mecha.test.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two nodes with locks and leaders. The first has the backend of the test, whose way to the server may be cut. */
abstract class CoordinationGroup extends LeaseGroup {

    static final Duration LEASE = Duration.ofSeconds(2);
    static final LockOptions OPTIONS = LockOptions.defaults().lease(LEASE);
    static final LockOptions LASTING = LockOptions.defaults().lease(LONG);
    private static final Duration STEP = Duration.ofMillis(20);

    private final List<CoordinationNode> nodes = new ArrayList<>();
    private CoordinationNode first;
    private CoordinationNode second;

    @SuppressWarnings("NullAway.Init") // by begin()
    CoordinationGroup(StateBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void begin() {
        StateBackend other = contract().anotherNode().map(this::keep).orElse(backend());
        first = node(backend());
        second = node(other);
    }

    @AfterEach
    void end() {
        restoreServer();
        nodes.forEach(node -> node.end().run());
    }

    private CoordinationNode node(StateBackend backend) {
        Optional<CoordinationNode> node = contract().coordination(backend);
        Applicability.require(node.isPresent(), "the engine of locks and leaders is not on the class path");
        nodes.add(node.orElseThrow());
        return node.orElseThrow();
    }

    final CoordinationNode first() {
        return first;
    }

    final CoordinationNode second() {
        return second;
    }

    /** Let time pass until assertions hold. */
    final void passing(Runnable assertions) {
        eventually(() -> {
            advance(STEP);
            Eventually.letPass(Duration.ofMillis(1));
            assertions.run();
        });
    }

    /** Let time pass while a call waits; returns what it returned. */
    final <T> T whilePassing(Callable<T> call) throws Exception {
        FutureTask<T> task = new FutureTask<>(call);
        Thread thread = new Thread(task, "waits");
        thread.start();
        passing(() -> assertThat(task.isDone()).isTrue());
        try {
            return task.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception thrown) {
                throw thrown;
            }
            throw new AssertionError(failure.getCause());
        }
    }

    /** Let time pass in steps in which renewals have time to come. */
    final void live(HeldLease held, Duration duration) {
        Duration step = LEASE.dividedBy(8);
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(step)) {
            advance(step);
            eventually(() -> assertThat(held.remaining()).isGreaterThan(LEASE.dividedBy(2)));
        }
    }

    final TransactionResult guarded(FencingToken token, String key, String value) {
        return capability(Transactions.class)
                .execute(List.of(new Fence(token.lease(), token.value()), put(key, value)));
    }
}
