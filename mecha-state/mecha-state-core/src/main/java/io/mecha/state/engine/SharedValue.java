// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.codec.Codec;
import io.mecha.state.spi.Value;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An immutable value as an object, as bytes, or both; each is made from the other when first asked for.
 *
 * <p>Lets a backend or near cache in this JVM hand the same instance to every caller. Threads may race to make the same
 * thing; any of the results will do, so plain volatile fields suffice.
 */
final class SharedValue implements Value {

    private final @Nullable Value source;
    private volatile @Nullable Decoded decoded;
    private volatile byte @Nullable [] bytes;

    private SharedValue(@Nullable Value source, @Nullable Decoded decoded) {
        this.source = source;
        this.decoded = decoded;
    }

    static SharedValue of(Codec<Object> codec, Object object) {
        return new SharedValue(null, new Decoded(codec, object));
    }

    static Value of(Value value) {
        return value instanceof SharedValue ? value : new SharedValue(value, null);
    }

    /** Returns the value as a codec sees it; a view of another type decodes for itself. */
    @SuppressWarnings("ReferenceEquality") // a codec is the one instance of its view; codecs have no equality
    Object object(Codec<Object> codec) {
        Decoded known = decoded;
        if (known != null && known.codec == codec) {
            return known.object;
        }
        Object object = codec.decode(bytes());
        if (known == null) {
            decoded = new Decoded(codec, object);
        }
        return object;
    }

    @Override
    public byte[] bytes() {
        byte[] known = bytes;
        if (known == null) {
            known = source == null ? encode(Objects.requireNonNull(decoded)) : source.bytes();
            bytes = known;
        }
        return known;
    }

    private static byte[] encode(Decoded decoded) {
        return decoded.codec.encode(decoded.object);
    }

    private record Decoded(Codec<Object> codec, Object object) {}
}
