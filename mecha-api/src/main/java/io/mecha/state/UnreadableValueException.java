// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

import io.mecha.MechaException;
import io.mecha.PropertyNames;
import org.jspecify.annotations.Nullable;

/**
 * The failure of a stored value that cannot be read; it is left as it is.
 *
 * @since 1.0
 */
public final class UnreadableValueException extends MechaException {

    private static final long serialVersionUID = 1L;

    private final String store;
    private final String key;

    private UnreadableValueException(
            String code, String problem, String action, String store, String key, @Nullable Throwable cause) {
        super(code, problem, action, cause);
        this.store = store;
        this.key = key;
    }

    /**
     * Report bytes that the codec cannot read.
     *
     * @param store name of the store
     * @param key key in this store
     * @param type the type they were to be read as
     * @param cause what the codec reported
     * @return the exception to throw
     */
    public static UnreadableValueException undecodable(String store, String key, String type, MechaException cause) {
        return new UnreadableValueException(
                "MECHA-S401",
                "The value of key '%s' in state store '%s' cannot be read as %s.".formatted(key, store, type),
                "Read it with the type and media type that wrote it, or remove the key.",
                store,
                key,
                cause);
    }

    /**
     * Report bytes that cannot be decrypted.
     *
     * @param store name of the store
     * @param key key in this store
     * @param reason what is known, for example {@code it was encrypted with an unknown key}
     * @return the exception to throw
     */
    public static UnreadableValueException undecryptable(String store, String key, String reason) {
        return new UnreadableValueException(
                "MECHA-S402",
                "The value of key '%s' in state store '%s' cannot be decrypted: %s.".formatted(key, store, reason),
                "Add the key that wrote it to %s.".formatted(PropertyNames.store(store, "encryption.previous-keys")),
                store,
                key,
                null);
    }

    /**
     * Return which store holds the value.
     *
     * @return name of the store
     */
    public String store() {
        return store;
    }

    /**
     * Return which key the value is under.
     *
     * @return key in the store
     */
    public String key() {
        return key;
    }
}
