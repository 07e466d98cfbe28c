// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.SigningKeys;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * The settings that a factory gets of a channel.
 *
 * @param channel name of the channel
 * @param optionsOf name of the channel whose options of the type apply
 * @param type id of the type
 */
record BackendSettings(
        ComponentConfiguration<BindingProperties, BindingProperties.Channel> configuration,
        String channel,
        String optionsOf,
        String type,
        String destination,
        String application,
        SigningKeys signingKeys,
        Path dataDirectory,
        InstantSource clock)
        implements BindingBackendFactory.Settings {

    @Override
    public boolean derived() {
        return !channel.equals(optionsOf);
    }

    @Override
    public <O> O options(Class<O> options) {
        return configuration.options(optionsOf, type, options);
    }
}
