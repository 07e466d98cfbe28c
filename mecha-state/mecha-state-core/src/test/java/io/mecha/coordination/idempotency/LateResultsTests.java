// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.runtime.Troubles;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.TransactionResult;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LateResultsTests {

    private static final Duration DAY = Duration.ofDays(1);

    private final List<Lease> ended = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private int writes;
    private RuntimeException failure;
    private final LateResults late = new LateResults(
            new Transactions() {

                @Override
                public int maximumOperations() {
                    return 2;
                }

                @Override
                public TransactionResult execute(List<Operation> operations) {
                    writes++;
                    if (failure != null) {
                        throw failure;
                    }
                    return new TransactionResult.Committed(Map.of());
                }
            },
            nanos::get,
            ended::add);

    private static Lease lease(int number) {
        return new Lease("call" + number, "node", number);
    }

    @Test
    void triesOneOnlyWhileTheBackendIsAway() {
        failure = StateUnavailableException.nothingHappened("calls", "memory", null);
        late.add(lease(1), List.of(), DAY);
        late.add(lease(2), List.of(), DAY);

        late.write();
        assertThat(writes).isEqualTo(1);
        failure = null;
        late.write();

        assertThat(writes).isEqualTo(3);
        assertThat(ended).containsExactly(lease(1), lease(2));
        assertThat(late.isEmpty()).isTrue();
    }

    @Test
    void isNotHeldUpByAWriteThatAlwaysFails() {
        failure = new IllegalStateException("refused");
        late.add(lease(1), List.of(), DAY);
        late.add(lease(2), List.of(), DAY);

        late.write();

        assertThat(writes).isEqualTo(2);
        assertThat(ended).isEmpty();
        assertThat(Troubles.present()).containsKey(LateResults.NAME);
        late.end();
        assertThat(Troubles.present()).doesNotContainKey(LateResults.NAME);
    }

    @Test
    void givesUpInTime() {
        late.add(lease(1), List.of(), DAY);
        late.add(lease(2), List.of(), Duration.ofMinutes(1));

        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        failure = new IllegalStateException("refused");
        late.write();
        assertThat(ended).containsExactly(lease(2));
        nanos.addAndGet(LateResults.LONGEST.toNanos());
        late.write();

        assertThat(ended).containsExactly(lease(2), lease(1));
        assertThat(writes).isEqualTo(1);
    }

    @Test
    void isBounded() {
        for (int number = 0; number <= LateResults.MOST; number++) {
            late.add(lease(number), List.of(), DAY);
        }
        assertThat(ended).containsExactly(lease(LateResults.MOST));

        late.write();
        late.add(lease(7), List.of(), DAY);

        assertThat(late.isEmpty()).isFalse();
    }
}
