// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.spi.BindingBackendFactory.Settings;
import io.mecha.binding.spi.SigningKeys;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** What a channel of a test is configured with. */
public record TestSettings(String channel, Object options, InstantSource clock) implements Settings {

    @Override
    public String destination() {
        return channel;
    }

    @Override
    public String application() {
        return "test";
    }

    @Override
    public <O> O options(Class<O> type) {
        return type.cast(options);
    }

    @Override
    public Path dataDirectory() {
        return Path.of("target");
    }

    @Override
    public SigningKeys signingKeys() {
        return SigningKeys.of(null, List.of());
    }
}
