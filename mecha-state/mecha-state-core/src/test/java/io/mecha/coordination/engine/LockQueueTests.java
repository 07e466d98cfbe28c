// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.runtime.ElapsedTime;
import io.mecha.test.TestClock;
import org.junit.jupiter.api.Test;

class LockQueueTests {

    private final ElapsedTime time = ElapsedTime.of(new TestClock());
    private final LockQueue queue = new LockQueue("name", time);

    private Hold next() {
        assertThat(queue.await(time.nanos() + 1)).isTrue();
        return new Hold(false, queue::pass);
    }

    @Test
    void forgetsNoHolderForOneBeforeItWhoseLockWasLostAtOnce() {
        Hold lost = next();
        lost.lost();
        Hold holder = next();
        queue.held(holder);

        queue.held(lost); // was on its way

        assertThat(queue.isHeldByThisThread()).isTrue();
        assertThat(queue.nested()).isSameAs(holder);
    }
}
