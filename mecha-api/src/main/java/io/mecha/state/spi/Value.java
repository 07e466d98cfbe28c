// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

/**
 * The value that is stored under a key, as bytes or as something that becomes bytes when asked.
 *
 * <p>A backend in this JVM may keep the instance and hand it back; any other writes {@link #bytes()} and makes a value
 * from the bytes it reads. Immutable: nobody changes the array.
 *
 * @since 1.0
 */
public interface Value {

    /**
     * Return the bytes.
     *
     * @return any number of bytes, also none; do not change them
     */
    byte[] bytes();

    /**
     * Wrap bytes.
     *
     * @param bytes any number of bytes, also none; not copied
     * @return the value
     */
    static Value of(byte[] bytes) {
        return new BytesValue(bytes);
    }
}
