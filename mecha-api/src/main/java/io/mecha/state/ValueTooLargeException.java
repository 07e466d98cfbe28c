// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state;

/**
 * The failure of a value that is larger than its backend can hold; nothing happened.
 *
 * @since 1.0
 */
public final class ValueTooLargeException extends InvalidStateRequestException {

    private static final long serialVersionUID = 1L;

    private final int size;
    private final int limit;

    /**
     * Create an exception for one value.
     *
     * @param store name of the store
     * @param key key in this store
     * @param size size of the encoded value, in bytes
     * @param limit the most bytes that the backend holds
     */
    public ValueTooLargeException(String store, String key, int size, int limit) {
        super(
                "MECHA-S205",
                "The value for key '%s' in state store '%s' has %d bytes; at most %d fit."
                        .formatted(key, store, size, limit),
                "Split the value, or raise the limit of the backend.");
        this.size = size;
        this.limit = limit;
    }

    /**
     * Return how large the value is.
     *
     * @return size of the encoded value, in bytes
     */
    public int size() {
        return size;
    }

    /**
     * Return how large a value may be.
     *
     * @return the most bytes that the backend holds
     */
    public int limit() {
        return limit;
    }
}
