// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyCountsTests {

    private final KeyCounts<String> counts = new KeyCounts<>();

    @Test
    void holdsAKeyUntilTheLastOfItsMessagesIsRemoved() {
        counts.add("a");
        counts.add("a");
        counts.add("b");

        counts.remove("a");

        assertThat(counts.contains("a")).isTrue();
        assertThat(counts.keys()).containsExactlyInAnyOrder("a", "b");

        counts.remove("a");
        counts.remove("b");

        assertThat(counts.contains("a")).isFalse();
        assertThat(counts.keys()).isEmpty();
        assertThat(counts.isEmpty()).isTrue();
    }

    @Test
    void takesNoNoticeOfAKeyThatHasNoMessages() {
        counts.remove("a");

        assertThat(counts.isEmpty()).isTrue();
    }
}
