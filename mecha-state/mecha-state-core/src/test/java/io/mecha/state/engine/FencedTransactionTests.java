// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.coordination.FencingToken;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.KeyValueStore;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.memory.MemoryStateBackend;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.StateBackend;
import io.mecha.test.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FencedTransactionTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final StateBackend backend = new MemoryStateBackend(new TestClock());
    private final KeyValueStore<String> carts = StateStoreComponent.builder(
                    "carts", "memory", backend, JacksonCodecs.standard())
            .keyPrefix("shop||carts||")
            .build()
            .store(String.class);

    private Lease granted(String owner) {
        Leases leases = backend.capabilities().find(Leases.class).orElseThrow();
        return new Lease("name", owner, ((Granted) leases.acquire("name", owner, LONG)).token());
    }

    private void release(Lease lease) {
        backend.capabilities().find(Leases.class).orElseThrow().release(lease);
    }

    @Test
    void commitsUnderTheNewestToken() {
        long token = granted("owner").token();

        assertThat(carts.transact(tx -> {
                            tx.fence(new FencingToken("carts", "name", token));
                            tx.put("c-1", "value");
                        })
                        .committed())
                .isTrue();
        assertThat(carts.get("c-1")).contains("value");
    }

    @Test
    void refusesAnOlderToken() {
        Lease stale = granted("owner");
        release(stale);
        Lease newest = granted("other");

        assertThat(carts.transact(tx -> {
                    tx.put("c-1", "value");
                    tx.fence(new FencingToken("carts", "name", stale.token()));
                }))
                .isEqualTo(new Fenced("name", stale.token(), newest.token()));
        assertThat(carts.get("c-1")).isEmpty();
    }

    @Test
    void refusesTheTokenOfAnotherStore() {
        FencingToken token = new FencingToken("locks", "name", 7);

        assertThatExceptionOfType(InvalidStateRequestException.class)
                .isThrownBy(() -> carts.transact(tx -> tx.fence(token)))
                .withMessageContaining("MECHA-S209")
                .withMessageContaining("set mecha.coordination.store to 'carts'");
    }
}
