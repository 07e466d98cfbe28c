// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static io.mecha.test.state.ConcurrencyBehaviour.callers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.mecha.MechaException;
import io.mecha.PageRequest;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Together;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class LifecycleBehaviour extends StateGroup {

    LifecycleBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @Test
    void statesAPositiveMaximumValueSize() {
        assertThat(backend().maximumValueSize()).isPositive();
    }

    @Test
    void refusesEveryCallAfterClose() {
        StateBackend backend = backend();
        backend.write(put("key", "value"));

        backend.close();

        assertThatThrownBy(() -> backend.read("key")).isInstanceOf(MechaException.class);
        assertThatThrownBy(() -> backend.readAll(List.of("key"))).isInstanceOf(MechaException.class);
        assertThatThrownBy(() -> backend.write(put("key", "late"))).isInstanceOf(MechaException.class);
        assertThatThrownBy(() -> backend.writeAll(List.of(remove("key")))).isInstanceOf(MechaException.class);
    }

    @Test
    void refusesTransactionsAfterClose() {
        Transactions transactions = capability(Transactions.class);

        backend().close();

        assertThatExceptionOfType(MechaException.class)
                .isThrownBy(() -> transactions.execute(List.of(put("key", "late"))));
    }

    @Test
    void refusesKeyScansAfterClose() {
        KeyScan scan = capability(KeyScan.class);

        backend().close();

        assertThatExceptionOfType(MechaException.class).isThrownBy(() -> scan.keys("", PageRequest.first(1)));
    }

    @Test
    void refusesLeasesAfterClose() {
        Leases leases = capability(Leases.class);
        Lease lease = LeaseGroup.granted(leases, "name", "owner", LONG);

        backend().close();

        assertThatExceptionOfType(MechaException.class).isThrownBy(() -> leases.acquire("name", "owner", LONG));
        assertThatExceptionOfType(MechaException.class).isThrownBy(() -> leases.renew(Map.of(lease, LONG)));
        assertThatExceptionOfType(MechaException.class).isThrownBy(() -> leases.release(lease));
    }

    @Test
    void failsCallsInFlightClearlyWhenClosed() throws Exception {
        StateBackend backend = backend();
        AtomicInteger acknowledged = new AtomicInteger();
        List<Callable<MechaException>> callers = callers(4, caller -> {
            try {
                while (true) {
                    backend.write(put("key-" + caller, "value"));
                    acknowledged.incrementAndGet();
                }
            } catch (MechaException closed) {
                return closed;
            }
        });
        Callable<MechaException> closer = () -> {
            eventually(() -> assertThat(acknowledged).hasValueGreaterThan(20));
            backend.close();
            return catchThrowableOfType(MechaException.class, backend::ping);
        };

        List<MechaException> failures =
                Together.run(Stream.concat(callers.stream(), Stream.of(closer)).toList());

        assertThat(failures).hasSize(5).doesNotContainNull();
    }

    @Test
    void describesItselfAfterClose() {
        StateBackend backend = backend();

        backend.close();

        assertThat(backend.maximumValueSize()).isPositive();
    }
}
