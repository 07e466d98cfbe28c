// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.runtime.ElapsedTime;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.Leases;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunLeaseTests {

    private final TestClock clock = new TestClock();
    private final FailingLeases leases = new FailingLeases();
    private final RunLease lease = new RunLease(leases, "runs", ElapsedTime.of(clock));

    @Test
    void isRenewedOnceInAThirdOfItsTime() {
        assertThat(lease.enter()).isZero();
        assertThat(lease.isAging()).isFalse();

        clock.advance(Duration.ofSeconds(21));
        assertThat(lease.isAging()).isTrue();
        lease.renew();

        assertThat(lease.isAging()).isFalse();
        clock.advance(Duration.ofSeconds(21));
        assertThat(lease.isAging()).isTrue();
    }

    @Test
    void isNotRenewedAgainAtOnceWhileTheStoreIsAway() {
        assertThat(lease.enter()).isZero();
        clock.advance(Duration.ofSeconds(21));
        leases.away = true;

        assertThatExceptionOfType(StateUnavailableException.class).isThrownBy(lease::renew);

        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.isAging()).isFalse();
        clock.advance(Duration.ofSeconds(6));
        assertThat(lease.isAging()).isTrue();
        leases.away = false;
        lease.renew();
        assertThat(lease.isHeld()).isTrue();
        assertThat(lease.isAging()).isFalse();
    }

    @Test
    void isHadByTheOneThatDidNotGetTheAnswer() {
        leases.losesNextAnswer = true;
        assertThatExceptionOfType(StateUnavailableException.class).isThrownBy(lease::enter);
        assertThat(lease.isHeld()).isFalse();

        assertThat(lease.enter()).isZero();

        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void isAskedForByAnotherOwnerAfterItWasGivenBack() {
        assertThat(lease.enter()).isZero();
        String first = leases.lastOwner;
        assertThat(lease.enter()).isZero();
        assertThat(leases.lastOwner).isEqualTo(first);

        lease.leave();

        assertThat(lease.enter()).isZero();
        assertThat(leases.lastOwner).isNotEqualTo(first);
    }

    /** Leases in memory that fail when a test wants them to. */
    private final class FailingLeases implements Leases {

        private final Leases memory =
                new MemoryStateBackend(clock).capabilities().find(Leases.class).orElseThrow();
        private boolean away;
        private boolean losesNextAnswer;
        private String lastOwner = "";

        private void fail() {
            if (away) {
                throw StateUnavailableException.nothingHappened("test", "test", null);
            }
        }

        @Override
        public LeaseResult acquire(String name, String owner, Duration timeToLive) {
            fail();
            lastOwner = owner;
            LeaseResult result = memory.acquire(name, owner, timeToLive);
            if (losesNextAnswer) {
                losesNextAnswer = false;
                throw StateUnavailableException.mayHaveHappened("test", "test", null);
            }
            return result;
        }

        @Override
        public Set<Lease> renew(Map<Lease, Duration> renewed) {
            fail();
            return memory.renew(renewed);
        }

        @Override
        public boolean release(Lease released) {
            fail();
            return memory.release(released);
        }
    }
}
