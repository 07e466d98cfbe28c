// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.state.engine.StateStoreRegistry;
import java.util.Set;
import org.springframework.core.env.Environment;

/**
 * A check of the state stores that properties choose to keep leases.
 *
 * @since 1.0
 */
public final class LeaseStores {

    private static final String UNCONFIGURED = "MECHA-K106";

    private LeaseStores() {}

    /**
     * Add a mistake if a property is set to the name of a store that is not configured: with the default type, each node would have leases
     * of its own. The name that is taken where the property is not set needs no configuration.
     *
     * @param environment the properties
     * @param property the property that names the store
     * @param store the name
     * @param stores the stores of the application
     * @param mistakes takes the mistake
     */
    public static void check(
            Environment environment,
            String property,
            String store,
            StateStoreRegistry stores,
            MistakeCollector mistakes) {
        if (!environment.containsProperty(property) || stores.configured().contains(store)) {
            return;
        }
        Set<String> configured = stores.configured();
        String type = PropertyNames.store(store, "type");
        mistakes.add(new Mistake(
                UNCONFIGURED,
                property,
                "State store '%s' is not configured; configured are: %s."
                        .formatted(store, configured.isEmpty() ? "none" : String.join(", ", configured)),
                configured.isEmpty()
                        ? "Set %s.".formatted(type)
                        : "Set %s to one of them, or set %s.".formatted(property, type)));
    }
}
