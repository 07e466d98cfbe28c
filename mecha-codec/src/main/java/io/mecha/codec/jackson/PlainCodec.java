// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A codec that keeps bytes and text as they are; it copies arrays, since callers go on using theirs. */
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
            String text = (String) value;
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            // What has no UTF-8 form became a question mark; only text with a surrogate can have that.
            if (hasSurrogate(text) && !text.equals(new String(bytes, StandardCharsets.UTF_8))) {
                throw CodecException.unwritable("java.lang.String", mediaType(), "it has an unpaired surrogate");
            }
            return bytes;
        }

        @Override
        public Object decode(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            // What is malformed became this character, which well-formed text may hold, too.
            if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
                throw CodecException.unreadable("java.lang.String", mediaType(), "the bytes are not UTF-8");
            }
            return text;
        }
    };

    private static final char REPLACEMENT = '\uFFFD';

    private final String mediaType;

    PlainCodec(String mediaType) {
        this.mediaType = mediaType;
    }

    @Override
    public String mediaType() {
        return mediaType;
    }

    private static boolean hasSurrogate(String text) {
        for (int index = 0; index < text.length(); index++) {
            if (Character.isSurrogate(text.charAt(index))) {
                return true;
            }
        }
        return false;
    }
}
