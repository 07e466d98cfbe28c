// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;

/**
 * A codec that writes text and bytes as they are, and everything else with a codec of the media type.
 *
 * @param typeName the declared type
 * @param codec what else writes, and reads
 */
record ByValueCodec(String typeName, Codec<Object> codec) implements Codec<Object> {

    @Override
    public String mediaType() {
        return codec.mediaType();
    }

    @Override
    public byte[] encode(Object value) {
        if (value instanceof String) {
            return PlainCodec.TEXT.encode(value);
        }
        if (value instanceof byte[]) {
            return PlainCodec.BYTES.encode(value);
        }
        if (codec instanceof PlainCodec) {
            throw CodecException.unwritable(typeName, mediaType(), "it is neither text nor bytes");
        }
        return codec.encode(value);
    }

    @Override
    public Object decode(byte[] bytes) {
        return codec.decode(bytes);
    }
}
