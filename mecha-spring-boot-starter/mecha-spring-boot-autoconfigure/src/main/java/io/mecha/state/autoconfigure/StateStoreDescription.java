// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;

/** The origin of a store. */
record StateStoreDescription(String property, @Nullable String origin, boolean configured, HealthOptions health) {

    static StateStoreDescription of(
            ComponentConfiguration<StateProperties, StateProperties.Store> configuration,
            String name,
            HealthOptions health) {
        Optional<ConfigurationProperty> declaration = configuration.declaration(name);
        if (declaration.isPresent()) {
            return new StateStoreDescription(
                    configuration.propertyOf(name), ComponentConfiguration.origin(declaration.get()), true, health);
        }
        return new StateStoreDescription(
                "mecha.state.default-type",
                configuration.originOfDefaultType().map(Origin::toString).orElse(null),
                false,
                health);
    }
}
