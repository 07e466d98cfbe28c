// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.codec.Codecs;
import io.mecha.runtime.NodeIdentity;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * The beans that channels are built from.
 *
 * @param stores whether there are state stores
 */
record BindingParts(
        Environment environment,
        NodeIdentity identity,
        List<BindingBackendFactory> factories,
        @Nullable BindingBackendOverride override,
        Codecs codecs,
        Path dataDirectory,
        InstantSource clock,
        boolean stores) {}
