// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScanTokenTests {

    private static final String PREFIX = "shop||carts||";

    @Test
    void readsBackWhatItWrote() {
        ScanToken token = new ScanToken(PREFIX, "17", "ab", List.of(PREFIX + "a", PREFIX + "b"));

        assertThat(ScanToken.parse(PREFIX, token.text())).isEqualTo(token);
    }

    @Test
    void isForOnePrefixOnly() {
        String token = new ScanToken(PREFIX, "17", "", List.of()).text();

        refused("shop||orders||", token);
        refused(PREFIX + "a", token);
        refused("", token);
    }

    @Test
    void namesNoKeysOfOthers() {
        refused(PREFIX, new ScanToken(PREFIX, "17", "", List.of("shop||orders||a")).text());
    }

    @Test
    void isBounded() {
        refused(PREFIX, new ScanToken(PREFIX, "17", "", Collections.nCopies(10_001, PREFIX)).text());
        refused(PREFIX, "A".repeat(9 * 1024 * 1024));
    }

    private static void refused(String prefix, String token) {
        assertThatIllegalArgumentException().isThrownBy(() -> ScanToken.parse(prefix, token));
    }
}
