// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.autoconfigure.injection.InjectionFailureAnalyzer;
import io.mecha.state.KeyValueStore;
import java.util.Set;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** An explanation why there is no bean of type {@code KeyValueStore}. */
@Order(0)
final class StateInjectionFailureAnalyzer extends InjectionFailureAnalyzer {

    StateInjectionFailureAnalyzer(Environment environment) {
        super(environment, Set.of(KeyValueStore.class), "StateStore", "mecha.state.enabled", "MECHA-S107");
    }
}
