// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Overflow;
import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.OutOptions;
import io.mecha.runtime.ElapsedTime;
import io.mecha.runtime.Timers;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PendingSendsTests {

    private final ElapsedTime time = ElapsedTime.of(new TestClock());

    private CompletableFuture<Receipt> drained(String type, Duration timeout) {
        OutOptions out = new OutOptions(null, null, null, false, null, timeout, Overflow.BLOCK, 10);
        try (Timers timers = new Timers("timers", time)) {
            PendingSends sends = new PendingSends(
                    ChannelOptions.of("orders", type).withOut(out), type.equals("memory"), time, timers);
            CompletableFuture<Receipt> sent = sends.track(new CompletableFuture<>());
            sends.drain();
            return sent;
        }
    }

    @Test
    void doesNotWaitForRoomInThisJvmThatNobodyMakesAnyMore() {
        assertThat(drained("memory", Duration.ofHours(1)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(SendException.class);
    }

    @Test
    void givesUpWhatABrokerDoesNotConfirmInTime() {
        assertThat(drained("kafka", Duration.ofMillis(20)))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(SendException.class);
    }
}
