// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.MechaException;
import io.mecha.PropertyNames;
import java.util.Collection;

/**
 * The failure to find a store that is not configured where none may be created for the name.
 *
 * @since 1.0
 */
public final class UnknownStateStoreException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Create an exception for a name.
     *
     * @param store the name asked for
     * @param known names of the stores that are there
     */
    public UnknownStateStoreException(String store, Collection<String> known) {
        super(
                "MECHA-S101",
                "State store '%s' is not configured; known stores: %s.".formatted(store, known),
                "Set %s, or set mecha.state.default-type to a type other than none."
                        .formatted(PropertyNames.store(store, "type")),
                null);
    }
}
