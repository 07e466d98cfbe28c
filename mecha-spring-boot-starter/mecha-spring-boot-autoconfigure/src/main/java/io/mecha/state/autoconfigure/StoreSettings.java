// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.state.spi.StateBackendFactory;
import java.nio.file.Path;
import java.time.InstantSource;

/** The settings that a factory gets of a store. */
record StoreSettings(
        ComponentConfiguration<StateProperties, StateProperties.Store> configuration,
        String store,
        String type,
        boolean announcesChanges,
        Path dataDirectory,
        InstantSource clock)
        implements StateBackendFactory.Settings {

    @Override
    public <O> O options(Class<O> options) {
        return configuration.options(store, type, options);
    }
}
