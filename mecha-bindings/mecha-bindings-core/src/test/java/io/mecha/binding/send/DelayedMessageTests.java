// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.spi.Message;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DelayedMessageTests {

    @Test
    void readsNothingButItsOwnEntries() {
        byte[] entry = new DelayedMessage("1", Message.received("k", null, Map.of(), Map.of(), null)).write();

        assertThat(DelayedMessage.read(entry).message().body()).isNull();
        for (int length = 0; length < entry.length; length++) {
            byte[] cut = Arrays.copyOf(entry, length);
            assertThatThrownBy(() -> DelayedMessage.read(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(DelayedMessage.claimedBy(DelayedMessage.claimed(entry, 42))).isEqualTo(42);
    }
}
