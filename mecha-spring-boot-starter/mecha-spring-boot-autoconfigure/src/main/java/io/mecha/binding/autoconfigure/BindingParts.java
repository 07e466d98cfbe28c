// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.codec.Codecs;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The beans that channels are built from.
 *
 * @param stores whether there are state stores
 */
record BindingParts(
        Environment environment,
        List<BindingBackendFactory> factories,
        @Nullable BindingBackendOverride override,
        Codecs codecs,
        Path dataDirectory,
        InstantSource clock,
        boolean stores) {

    private static final String NAME = "spring.application.name";

    String application() {
        return named() ? environment.getRequiredProperty(NAME) : "application";
    }

    boolean named() {
        return StringUtils.hasText(environment.getProperty(NAME));
    }
}
