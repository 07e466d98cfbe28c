// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import io.mecha.test.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryLeasesTests {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final MemoryStateBackend backend = new MemoryStateBackend(clock);
    private final Leases leases = backend.capabilities().find(Leases.class).orElseThrow();

    @Test
    void remembersATokenForAWeekAndForgetsItThen() {
        Lease lease = granted("name");
        clock.advance(MINUTE.plus(Duration.ofDays(7)).minusMillis(1));
        acquireMany("early");
        MemoryLeases memory = (MemoryLeases) leases;
        assertThat(memory.enter("name", lease.token())).isNotNull();
        memory.leave("name", lease.token());

        clock.advance(Duration.ofDays(8));
        acquireMany("late");

        assertThat(memory.enter("name", lease.token())).isNull();
        assertThat(granted("name").token()).isGreaterThan(lease.token());
    }

    @Test
    void remembersNoMoreThanManyNamesAndThoseOfTheLastHour() {
        Lease first = granted("first");
        for (int hours = 0; hours < 6; hours++) {
            clock.advance(Duration.ofHours(2));
            for (int i = 0; i < MemoryLeases.MOST / 2; i++) {
                leases.acquire("name-" + hours + "-" + i, "owner", MINUTE);
            }
        }

        assertThat(((MemoryLeases) leases).count()).isLessThanOrEqualTo(MemoryLeases.MOST);
        assertThat(granted("first").token()).isGreaterThan(first.token());
    }

    @Test
    void raisesTokensOfForgottenNamesWhenTheClockWasSetBack() {
        Lease lease = granted("name");
        leases.release(lease);
        backend.forgetLeases();
        clock.jump(Duration.ofDays(-30));

        assertThat(granted("name").token()).isGreaterThan(lease.token());
    }

    @Test
    void letsATransactionEndBeforeTheNextGrant() {
        Lease lease = granted("name");
        MemoryLeases memory = (MemoryLeases) leases;
        memory.enter("name", lease.token());

        assertThat(leases.release(lease)).isTrue();
        assertThat(leases.acquire("name", "other", MINUTE)).isEqualTo(new Held(Duration.ZERO));
        backend.forgetLeases();
        memory.leave("name", lease.token());

        LeaseResult result = leases.acquire("name", "other", MINUTE);
        assertThat(((Granted) result).token()).isGreaterThan(lease.token());
    }

    /** More names than are kept without looking for idle ones. */
    private void acquireMany(String prefix) {
        for (int i = 0; i < 3_000; i++) {
            leases.acquire(prefix + i, "owner", MINUTE);
        }
    }

    private Lease granted(String name) {
        return new Lease(name, "owner", ((Granted) leases.acquire(name, "owner", MINUTE)).token());
    }
}
