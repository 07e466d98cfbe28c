// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.MechaException;

/**
 * Report that {@link KeyValueStore#compute} lost every attempt to other writers; nothing was written.
 *
 * @since 1.0
 */
public final class StateContentionException extends MechaException {

    private static final long serialVersionUID = 1L;

    /**
     * Create an exception for a key.
     *
     * @param store name of the store
     * @param key key in this store
     * @param attempts how often the change was tried
     */
    public StateContentionException(String store, String key, int attempts) {
        super(
                "MECHA-S303",
                "Key '%s' in state store '%s' was changed by others in each of %d attempts."
                        .formatted(key, store, attempts),
                "Spread the writes over several keys, or try again later.",
                null);
    }
}
