// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Keeps bytes and text as they are; copies arrays, since callers go on using theirs. */
enum PlainCodec implements Codec<Object> {
    BYTES("application/octet-stream") {

        @Override
        public byte[] encode(Object value) {
            return ((byte[]) value).clone();
        }

        @Override
        public Object decode(byte[] bytes) {
            return bytes.clone();
        }
    },

    TEXT("text/plain") {

        @Override
        public byte[] encode(Object value) {
            try {
                ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap((String) value));
                byte[] bytes = new byte[encoded.remaining()];
                encoded.get(bytes);
                return bytes;
            } catch (CharacterCodingException unpaired) {
                throw CodecException.unwritable("java.lang.String", mediaType(), "it has an unpaired surrogate");
            }
        }

        @Override
        public Object decode(byte[] bytes) {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
            } catch (CharacterCodingException malformed) {
                throw CodecException.unreadable("java.lang.String", mediaType(), "the bytes are not UTF-8");
            }
        }
    };

    private final String mediaType;

    PlainCodec(String mediaType) {
        this.mediaType = mediaType;
    }

    @Override
    public String mediaType() {
        return mediaType;
    }
}
