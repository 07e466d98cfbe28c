// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.Capabilities;
import io.mecha.PageRequest;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.coordination.engine.Coordination;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.Precondition;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.memory.MemoryStateOptions;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation.Remove;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import io.mecha.test.TestClock;
import io.mecha.test.state.CoordinationNode;
import io.mecha.test.state.ForwardingBackend;
import io.mecha.test.state.StateBackendContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A backend whose leases are made of its transactions is a backend like any other. */
class LeasingBackendTests extends StateBackendContract {

    private static final String RESERVED = "app||mecha||lease||";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private MemoryStateBackend memory = new MemoryStateBackend(clock);

    /** A backend without leases. */
    private static final class WithoutLeases extends ForwardingBackend {

        private final Capabilities capabilities;

        WithoutLeases(StateBackend delegate, Capabilities more) {
            super(delegate);
            Capabilities all = delegate.capabilities();
            this.capabilities = more.with(
                            Transactions.class, all.find(Transactions.class).orElseThrow())
                    .with(KeyScan.class, all.find(KeyScan.class).orElseThrow())
                    .with(
                            ChangeNotifications.class,
                            all.find(ChangeNotifications.class).orElseThrow());
        }

        @Override
        public Capabilities capabilities() {
            return capabilities;
        }
    }

    private StateBackend around(Capabilities more) {
        return LeasingBackend.around("test", new WithoutLeases(memory, more), RESERVED, clock);
    }

    @Override
    protected String adapter() {
        return "memory-leasing";
    }

    @Override
    protected StateBackend backend() {
        memory = new MemoryStateBackend("test", clock, MemoryStateOptions.unbounded());
        return around(Capabilities.none());
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Transactions.class, KeyScan.class, ChangeNotifications.class, Leases.class);
    }

    @Override
    protected Optional<StateBackend> anotherNode() {
        return Optional.empty();
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Override
    protected OptionalLong storedEntries() {
        return OptionalLong.empty();
    }

    @Override
    protected boolean forgetLeases() {
        stored(RESERVED).forEach(key -> memory.write(new Remove(key, Precondition.NONE)));
        return true;
    }

    @Override
    protected Optional<CoordinationNode> coordination(StateBackend backend) {
        Coordination node = Coordination.builder("locks", "memory", "", backend.capabilities())
                .clock(clock)
                .build();
        return Optional.of(new CoordinationNode(node.locks(), node.elections(), node::close));
    }

    @Override
    protected InstantSource clock() {
        return clock;
    }

    @Override
    protected void advance(Duration duration) {
        clock.advance(duration);
    }

    @Override
    protected boolean setClock(Duration difference) {
        clock.jump(difference);
        return true;
    }

    @Test
    void remembersTheTokenForAWeekAfterTheLeaseEnded() {
        Lease lease = granted(Duration.ofHours(1));
        for (int day = 0; day < 30; day++) {
            assertThat(leases().renew(Map.of(lease, Duration.ofDays(1)))).containsExactly(lease);
            clock.advance(Duration.ofHours(23));
        }
        clock.advance(Duration.ofHours(1));
        assertThat(commits(lease)).isTrue();

        clock.advance(Duration.ofDays(Leases.IDLE_DAYS));
        assertThat(commits(lease)).isTrue();

        clock.advance(Duration.ofDays(2 * Leases.IDLE_DAYS));
        assertThat(commits(lease)).isFalse();
    }

    @Test
    void countsTokensOnWhenTheClockStandsStill() {
        Lease first = granted(MINUTE);
        leases().release(first);
        Lease second = granted(MINUTE);

        assertThat(second.token()).isEqualTo(first.token() + 1);
        assertThat(commits(first)).isFalse();
        assertThat(commits(second)).isTrue();
    }

    @Test
    void tellsHowLongALeaseLastsByTheClockOfTheBackend() {
        assertThat(granted(MINUTE)).isNotNull();
        clock.advance(Duration.ofSeconds(20));

        assertThat(leases().acquire("name", "other", MINUTE)).isEqualTo(new Held(Duration.ofSeconds(40)));
    }

    @Test
    void refusesLeasesInsideATransactionOfTheApplication() {
        Active transaction = new Active();
        Leases leases = around(Capabilities.none().with(SurroundingTransaction.class, transaction))
                .capabilities()
                .find(Leases.class)
                .orElseThrow();
        Lease lease = new Lease("name", "owner", ((Granted) leases.acquire("name", "owner", MINUTE)).token());

        transaction.active = true;

        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> leases.acquire("name", "owner", MINUTE))
                .withMessageContaining("MECHA-S208");
        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> leases.renew(Map.of(lease, MINUTE)));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> leases.release(lease));
        transaction.active = false;
        assertThat(leases.release(lease)).isTrue();
    }

    @Test
    void keepsTheLeasesThatABackendHas() {
        assertThat(LeasingBackend.around("test", memory, RESERVED, clock)).isSameAs(memory);
    }

    @Test
    void givesEachStoreLeasesOnKeysThatNobodyElseCanUse() {
        StateStoreComponent component = StateStoreComponent.builder(
                        "carts", "test", new WithoutLeases(memory, Capabilities.none()), JacksonCodecs.standard())
                .keyPrefix("app")
                .clock(clock)
                .build();
        KeyValueStore<String> store = component.store(String.class);
        store.put("key", "value");
        Leases leases = component.capabilities().find(Leases.class).orElseThrow();

        assertThat(leases.acquire("name", "owner", MINUTE)).isInstanceOf(Granted.class);

        assertThat(store.keys("", PageRequest.first(10)).items()).containsExactly("key");
        assertThat(stored("app")).hasSize(3);
        String reserved = stored(RESERVED).get(0).substring("app".length());
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> store.get(reserved));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> store.put(reserved, "mine"));
        assertThatExceptionOfType(InvalidStateRequestException.class).isThrownBy(() -> store.remove(reserved));
        assertThat(stored(RESERVED)).hasSize(2);
    }

    private List<String> stored(String prefix) {
        return memory.capabilities()
                .find(KeyScan.class)
                .orElseThrow()
                .keys(prefix, PageRequest.first(PageRequest.MAXIMUM_SIZE))
                .items();
    }

    private Lease granted(Duration timeToLive) {
        return new Lease("name", "owner", ((Granted) leases().acquire("name", "owner", timeToLive)).token());
    }

    private boolean commits(Lease lease) {
        return current()
                .capabilities()
                .find(Transactions.class)
                .orElseThrow()
                .execute(List.of(new Fence(lease.name(), lease.token())))
                .committed();
    }

    private Leases leases() {
        return current().capabilities().find(Leases.class).orElseThrow();
    }

    private static final class Active implements SurroundingTransaction {

        private boolean active;

        @Override
        public boolean active() {
            return active;
        }

        @Override
        public Optional<String> snapshot() {
            return Optional.empty();
        }

        @Override
        public boolean on(Object resource) {
            return false;
        }

        @Override
        public void afterCompletion(Runnable action) {
            action.run();
        }

        @Override
        public void afterCommit(Runnable action) {
            action.run();
        }
    }
}
