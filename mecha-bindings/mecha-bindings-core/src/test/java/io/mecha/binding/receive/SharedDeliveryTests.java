// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedDeliveryTests {

    private final List<String> told = new ArrayList<>();
    private final SharedDelivery shared = new SharedDelivery(new Whole(), 3);

    @Test
    void putsTheMessageAsideOnceAllThatIsLeftOfItIs() {
        shared.park();
        shared.acknowledge(false);
        assertThat(told).isEmpty();

        shared.park();

        assertThat(told).containsExactly("park");
        shared.acknowledge(true);
        shared.acknowledge(true);
        assertThat(told).containsExactly("park", "acknowledge");
    }

    @Test
    void putsTheMessageAsideWhenTheOthersAreFinished() {
        shared.park();
        shared.acknowledge(false);
        shared.reject(Rejection.FAILED, false);
        assertThat(told).containsExactly("park");

        shared.release(true);

        assertThat(told).containsExactly("park", "release");
    }

    @Test
    void putsNothingAsideThatIsFinished() {
        shared.acknowledge(false);
        shared.acknowledge(false);
        shared.acknowledge(false);

        assertThat(told).containsExactly("acknowledge");
    }

    /** A delivery that remembers what it was told. */
    private final class Whole implements Delivery {

        @Override
        public Message message() {
            return Message.received(null, null, Map.of(), Map.of(), null);
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public boolean current() {
            return true;
        }

        @Override
        public void acknowledge() {
            told.add("acknowledge");
        }

        @Override
        public void release() {
            told.add("release");
        }

        @Override
        public void reject(Rejection rejection) {
            told.add("reject");
        }

        @Override
        public void park() {
            told.add("park");
        }
    }
}
