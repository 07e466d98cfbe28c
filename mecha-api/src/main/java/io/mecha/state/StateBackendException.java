// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.MechaException;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a backend that answered with an error of its own, such as a missing permission or a full disk; nothing was
 * written.
 *
 * <p>Retrying helps only after somebody mended the backend.
 *
 * @since 1.0
 */
public final class StateBackendException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final String store;

    /**
     * Create an exception for a refused call.
     *
     * @param store name of the store
     * @param type type of its backend
     * @param reason the backend's own words, without stored values
     * @param action what to change
     * @param cause what the client library reported, if anything
     */
    public StateBackendException(String store, String type, String reason, String action, @Nullable Throwable cause) {
        super(
                "MECHA-S304",
                "The %s backend of state store '%s' refused a call: %s.".formatted(type, store, reason),
                action,
                cause);
        this.store = store;
    }

    /**
     * Return which store was called.
     *
     * @return name of the store
     */
    public String store() {
        return store;
    }
}
