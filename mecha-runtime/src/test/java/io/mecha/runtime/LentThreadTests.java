// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LentThreadTests {

    @Test
    void isTakenOnce() {
        assertThat(LentThread.take()).isFalse();

        boolean before = LentThread.lend();
        assertThat(LentThread.take()).isTrue();
        assertThat(LentThread.take()).isFalse();
        LentThread.end(before);

        assertThat(LentThread.take()).isFalse();
    }

    @Test
    void isLentNoLongerThanTheHandOverTakes() {
        LentThread.end(LentThread.lend());

        assertThat(LentThread.take()).isFalse();
    }

    @Test
    void isLentAgainWithinATask() {
        boolean outer = LentThread.lend();
        LentThread.take();
        boolean inner = LentThread.lend();
        assertThat(LentThread.take()).isTrue();
        LentThread.end(inner);

        assertThat(LentThread.take()).isFalse();
        LentThread.end(outer);
        assertThat(LentThread.take()).isFalse();
    }

    @Test
    void isNotLentWhileItIsKept() {
        boolean kept = LentThread.keep();
        boolean lent = LentThread.lend();
        assertThat(LentThread.take()).isFalse();
        LentThread.end(lent);
        LentThread.release(kept);

        lent = LentThread.lend();
        assertThat(LentThread.take()).isTrue();
        LentThread.end(lent);
    }
}
