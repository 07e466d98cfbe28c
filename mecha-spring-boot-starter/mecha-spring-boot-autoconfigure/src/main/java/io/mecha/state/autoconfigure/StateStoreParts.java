// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.autoconfigure.configuration.ComponentParts;
import io.mecha.runtime.NodeIdentity;
import io.mecha.state.spi.StateBackendFactory;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beans that stores are built from.
 *
 * @param shared what stores and channels are both built from
 */
record StateStoreParts(
        ComponentParts shared,
        List<StateBackendFactory> factories,
        @Nullable StateBackendOverride override,
        List<StateStoreCustomizer> customizers,
        ObservationRegistry observations) {

    KeyPrefixes prefixes() {
        NodeIdentity identity = shared.identity();
        return new KeyPrefixes(identity.named() ? identity.application() : null);
    }
}
