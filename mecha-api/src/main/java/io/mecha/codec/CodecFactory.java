// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec;

import java.lang.reflect.Type;

/**
 * A factory of codecs for one media type.
 *
 * <p>A bean of this type adds its media type to {@link Codecs}, or replaces one that is built in.
 *
 * @since 1.0
 */
public interface CodecFactory {

    /**
     * Return the media type that this factory writes and reads.
     *
     * @return the media type in lower case without parameters, for example {@code application/cbor}
     */
    String mediaType();

    /**
     * Make the codec for a type.
     *
     * @param type type of the values, with its type arguments; never {@code byte[]} or {@code String}
     * @return a codec for that type
     * @throws IllegalArgumentException if values of the type cannot be written or read; the message says why
     */
    Codec<Object> codec(Type type);
}
