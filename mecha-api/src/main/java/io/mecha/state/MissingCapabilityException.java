// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.MechaException;
import io.mecha.PropertyNames;
import java.util.Collection;

/**
 * The failure of a store that needs something its backend does not offer.
 *
 * @since 1.0
 */
public final class MissingCapabilityException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final String store;
    private final Class<?> capability;

    /**
     * Create an exception for a store and a capability.
     *
     * @param store name of the store
     * @param type type of its backend
     * @param capability interface that names the capability
     * @param present what the backend offers instead
     */
    public MissingCapabilityException(
            String store, String type, Class<?> capability, Collection<? extends Class<?>> present) {
        super(
                "MECHA-S103",
                "State store '%s' needs %s, which its backend of type '%s' does not offer; it offers %s."
                        .formatted(
                                store,
                                capability.getSimpleName(),
                                type,
                                present.stream().map(Class::getSimpleName).toList()),
                "Set %s to a type that offers %s."
                        .formatted(PropertyNames.store(store, "type"), capability.getSimpleName()),
                null);
        this.store = store;
        this.capability = capability;
    }

    /**
     * Return which store lacks the capability.
     *
     * @return name of the store
     */
    public String store() {
        return store;
    }

    /**
     * Return what is missing.
     *
     * @return interface that names the capability
     */
    public Class<?> capability() {
        return capability;
    }
}
