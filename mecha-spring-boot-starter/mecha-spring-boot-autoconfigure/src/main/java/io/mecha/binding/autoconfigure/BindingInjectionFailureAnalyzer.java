// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.autoconfigure.injection.InjectionFailureAnalyzer;
import io.mecha.binding.Channel;
import io.mecha.binding.Sender;
import java.util.Set;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** An explanation why there is no bean of type {@code Sender} or {@code Channel}. */
@Order(0)
final class BindingInjectionFailureAnalyzer extends InjectionFailureAnalyzer {

    BindingInjectionFailureAnalyzer(Environment environment) {
        super(environment, Set.of(Sender.class, Channel.class), "Binding", "mecha.bindings.enabled", "MECHA-B107");
    }
}
