// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec;

import java.lang.reflect.Type;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The codecs, each for a type and a media type.
 *
 * <p>{@code byte[]} and {@code String} are kept as they are, whatever the media type; also as values of a type that leaves
 * open what they are, such as {@code Object}. Thread-safe; meant to be called when a component is built, not for each value.
 *
 * @since 1.0
 */
public interface Codecs {

    /**
     * Find the codec for a type.
     *
     * @param type type of the values, with its type arguments
     * @param mediaType media type to write and read; {@code null} for the default, JSON
     * @return a codec for that type
     * @throws IllegalArgumentException if no codec knows the media type or the type; the message lists the media types
     */
    Codec<Object> codec(Type type, @Nullable String mediaType);

    /**
     * Return what can be asked for.
     *
     * @return media types in lower case, the default first; unmodifiable
     */
    Set<String> mediaTypes();
}
