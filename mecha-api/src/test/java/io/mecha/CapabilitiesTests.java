// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class CapabilitiesTests {

    private final Runnable handle = new Thread();

    @Test
    void findsTheHandleOfAPresentCapability() {
        Capabilities capabilities = Capabilities.none().with(Runnable.class, handle);

        assertThat(capabilities.find(Runnable.class)).containsSame(handle);
        assertThat(capabilities.types()).containsExactly(Runnable.class);
    }

    @Test
    void findsNothingForAnAbsentCapability() {
        assertThat(Capabilities.none().find(Runnable.class)).isEmpty();
    }

    @Test
    void doesNotChangeWhenACapabilityIsAdded() {
        Capabilities none = Capabilities.none();

        none.with(Runnable.class, handle);

        assertThat(none.types()).isEmpty();
    }

    @Test
    void decoratesOnlyWhatIsPresent() {
        Capabilities capabilities = Capabilities.none().with(Runnable.class, handle);
        Runnable decorated = new Thread();

        Capabilities mapped =
                capabilities.map(Runnable.class, present -> decorated).map(Supplier.class, absent -> absent);

        assertThat(mapped.find(Runnable.class)).containsSame(decorated);
        assertThat(mapped.types()).containsExactly(Runnable.class);
    }

    @Test
    void printsTheNamesOfCapabilities() {
        assertThat(Capabilities.none().with(Runnable.class, handle)).hasToString("[Runnable]");
    }
}
