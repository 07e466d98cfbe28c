// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.codec.Codec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The needs of calls of one method beside its annotation, known only when all beans are there.
 *
 * @param codec writes and reads its results; {@code null} if there are none
 * @param optional whether it returns its results in an {@code Optional}
 * @param transactional whether it begins a transaction
 */
record MethodCall(@Nullable Codec<Object> codec, boolean optional, boolean transactional) {

    private static final byte[] NOTHING = {};

    /** Returns a result as bytes: none for nothing, or a byte before those of the value. */
    byte[] encode(@Nullable Object result) {
        Object value = optional && result instanceof Optional<?> some ? some.orElse(null) : result;
        if (codec == null || value == null) {
            return NOTHING;
        }
        byte[] encoded = codec.encode(value);
        byte[] bytes = new byte[encoded.length + 1];
        System.arraycopy(encoded, 0, bytes, 1, encoded.length);
        return bytes;
    }

    @Nullable Object decode(byte[] bytes) {
        Object value = null;
        if (codec != null && bytes.length > 0) {
            byte[] encoded = new byte[bytes.length - 1];
            System.arraycopy(bytes, 1, encoded, 0, encoded.length);
            value = codec.decode(encoded);
        }
        return optional ? Optional.ofNullable(value) : value;
    }
}
