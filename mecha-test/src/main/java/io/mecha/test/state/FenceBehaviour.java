// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static io.mecha.test.state.ConcurrencyBehaviour.callers;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Committed;
import io.mecha.state.TransactionResult.Conflict;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Require;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Applicability;
import io.mecha.test.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class FenceBehaviour extends LeaseGroup {

    private static final int CALLERS = 4;
    private static final int GRANTS = 15;
    private static final int GUARDED_WRITES = 500;

    FenceBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireTransactions() {
        capability(Transactions.class);
    }

    @Test
    void commitsWithTheNewestToken() {
        Lease lease = granted("name", "owner", LONG);

        TransactionResult result = execute(fence(lease), put("key", "value"));

        assertThat(result).isEqualTo(new Committed(Map.of("key", stored("key").version())));
        assertThat(text("key")).isEqualTo("value");
    }

    @Test
    void refusesAnOlderToken() {
        Lease stale = granted("name", "owner", LONG);
        leases().release(stale);
        Lease newer = granted("name", "other", LONG);

        assertFenced(new Fenced("name", stale.token(), newer.token()), fence(stale));

        assertThat(execute(fence(newer), put("key", "value")).committed()).isTrue();
    }

    @Test
    void refusesATokenThatWasNeverGiven() {
        Lease lease = granted("name", "owner", LONG);

        assertFenced(new Fenced("never", lease.token(), null), new Fence("never", lease.token()));
        assertFenced(new Fenced("name", lease.token() + 1, lease.token()), new Fence("name", lease.token() + 1));
        assertFenced(new Fenced("name", lease.token() - 1, lease.token()), new Fence("name", lease.token() - 1));
    }

    @Test
    void refusesTheTokenOfAnotherName() {
        Lease lease = granted("name", "owner", LONG);
        Lease other = granted("other", "owner", LONG);
        leases().release(other);
        Lease newest = granted("other", "owner", LONG);

        assertFenced(new Fenced("other", other.token(), newest.token()), fence(lease), fence(other));
    }

    @Test
    void demandsEveryFence() {
        Lease first = granted("first", "owner", LONG);
        Lease second = granted("second", "owner", LONG);

        assertThat(execute(fence(first), put("key", "value"), fence(second)).committed())
                .isTrue();
        leases().release(first);
        Lease newest = granted("first", "other", LONG);

        assertFenced(new Fenced("first", first.token(), newest.token()), fence(second), fence(first));
    }

    @Test
    void acceptsTheNewestTokenAfterItsLeaseEnded() {
        Lease expired = granted("expired", "owner", SHORT);
        Lease released = granted("released", "owner", LONG);
        leases().release(released);
        advance(SHORT.plusMillis(1));

        assertThat(execute(fence(expired), fence(released), put("key", "value")).committed())
                .isTrue();
    }

    @Test
    void acceptsATokenThatWasRenewed() {
        Lease lease = granted("name", "owner", LONG);

        leases().renew(Map.of(lease, LONG));
        granted("name", "owner", LONG);

        assertThat(execute(fence(lease), put("key", "value")).committed()).isTrue();
    }

    @Test
    void looksAtKeysToo() {
        Lease lease = granted("name", "owner", LONG);
        String version = written(put("key", "before"));

        assertThat(execute(putIfAbsent("key", "after"), fence(lease))).isEqualTo(new Conflict("key", null, version));
        assertThat(execute(fence(lease), new Require("key", Precondition.version(version)), put("other", "value"))
                        .committed())
                .isTrue();
    }

    @Test
    void looksAtFencesFirst() {
        Lease stale = granted("name", "owner", LONG);
        leases().release(stale);
        Lease newest = granted("name", "other", LONG);
        write(put("key", "before"));

        assertThat(execute(putIfAbsent("key", "after"), fence(stale)))
                .isEqualTo(new Fenced("name", stale.token(), newest.token()));
    }

    @Test
    void takesATransactionOfFencesAlone() {
        Lease lease = granted("name", "owner", LONG);

        assertThat(execute(fence(lease))).isEqualTo(new Committed(Map.of()));
    }

    @Test
    void keepsNothingBackAfterATransaction() {
        Lease lease = granted("name", "owner", LONG);
        write(put("key", "before"));

        execute(fence(lease), put("other", "value"));
        execute(fence(lease), putIfAbsent("key", "after"));
        execute(fence(lease), new Fence("never", 1));
        leases().release(lease);

        granted("name", "other", LONG);
    }

    @Test
    void refusesATokenThatWasForgotten() {
        Lease lease = granted("name", "owner", LONG);
        leases().release(lease);
        Applicability.require(contract().forgetLeases(), "what is known of names cannot be taken away here");

        assertFenced(new Fenced("name", lease.token(), null), fence(lease));
    }

    /** An owner that does not know that it lost the lease: whatever the moment, its value never follows that of a newer token. */
    @Test
    void neverWritesWithAnOlderTokenAfterANewer() throws Exception {
        List<StateBackend> nodes = new ArrayList<>(List.of(backend()));
        contract().anotherNode().ifPresent(node -> nodes.add(keep(node)));

        List<Integer> writes = Together.run(callers(CALLERS, caller -> {
            StateBackend node = nodes.get(caller % nodes.size());
            int written = 0;
            for (int i = 0; i < GRANTS; i++) {
                written += writeUntilFenced(node, "owner-%d-%d".formatted(caller, i));
            }
            return written;
        }));

        assertThat(writes).anySatisfy(written -> assertThat(written).isPositive());
    }

    private static int writeUntilFenced(StateBackend node, String owner) {
        Lease lease = acquired(leases(node), "name", owner, LONG);
        leases(node).release(lease);
        int writes = 0;
        while (writes < 10 && write(node, lease)) {
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            Entry entry = Objects.requireNonNull(node.read("key"));
            assertThat(Long.parseLong(text(entry))).as("newest token").isGreaterThanOrEqualTo(lease.token());
            writes++;
        }
        return writes;
    }

    private static boolean write(StateBackend node, Lease lease) {
        return transactions(node)
                .execute(List.of(fence(lease), put("key", Long.toString(lease.token()))))
                .committed();
    }

    @Test
    void neverConflictsWithRenewals() throws Exception {
        Lease lease = granted("name", "owner", LONG);
        AtomicInteger written = new AtomicInteger();
        Callable<Integer> renewer = () -> {
            int renewals = 0;
            while (written.get() < GUARDED_WRITES) {
                assertThat(leases().renew(Map.of(lease, LONG))).containsExactly(lease);
                renewals++;
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            return renewals;
        };

        Together.run(Stream.concat(
                        callers(CALLERS, caller -> {
                                    while (written.getAndIncrement() < GUARDED_WRITES) {
                                        assertThat(execute(fence(lease), put("key-" + caller, "value"))
                                                        .committed())
                                                .isTrue();
                                    }
                                    return 0;
                                })
                                .stream(),
                        Stream.of(renewer))
                .toList());
    }

    private void assertFenced(Fenced expected, Fence... fences) {
        String version = written(put("key", "before"));
        List<Operation> operations = new ArrayList<>(List.of(put("key", "after")));
        operations.addAll(List.of(fences));
        operations.add(put("other", "after"));

        assertThat(capability(Transactions.class).execute(operations)).isEqualTo(expected);

        assertThat(stored("key").version()).isEqualTo(version);
        assertThat(backend().read("other")).isNull();
    }

    private static Fence fence(Lease lease) {
        return new Fence(lease.name(), lease.token());
    }
}
