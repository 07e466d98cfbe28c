// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec;

/**
 * A conversion of values of one type to bytes and back.
 *
 * <p>Thread-safe. Resolved once for each type, so that {@link #encode} and {@link #decode} look nothing up.
 *
 * @param <T> type of the values
 * @since 1.0
 */
public interface Codec<T> {

    /**
     * Return the media type of the bytes.
     *
     * @return the media type in lower case without parameters, for example {@code application/json}
     */
    String mediaType();

    /**
     * Convert a value to bytes.
     *
     * @param value the value
     * @return a new array, which the caller may keep
     * @throws CodecException if the value cannot be written; nothing else happened
     */
    byte[] encode(T value);

    /**
     * Convert bytes to a value.
     *
     * @param bytes as {@link #encode} made them, perhaps by an older version of the class
     * @return a new value, which shares nothing with the bytes
     * @throws CodecException if the bytes cannot be read as this type; the message does not repeat them
     */
    T decode(byte[] bytes);
}
