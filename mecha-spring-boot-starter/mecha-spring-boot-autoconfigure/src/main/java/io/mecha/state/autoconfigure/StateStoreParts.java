// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.codec.Codecs;
import io.mecha.runtime.NodeIdentity;
import io.mecha.state.spi.StateBackendFactory;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** The beans that stores are built from. */
record StateStoreParts(
        Environment environment,
        NodeIdentity identity,
        List<StateBackendFactory> factories,
        @Nullable StateBackendOverride override,
        List<StateStoreCustomizer> customizers,
        Codecs codecs,
        ObservationRegistry observations,
        Path dataDirectory,
        InstantSource clock) {

    KeyPrefixes prefixes() {
        return new KeyPrefixes(identity.named() ? identity.application() : null);
    }
}
