// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;
import io.mecha.codec.Codecs;
import java.lang.reflect.Type;

/**
 * A codec of values of any type: bytes that are not in the store's form are text or bytes, which are kept unchanged.
 *
 * @param form writes, and reads the store's form
 * @param text reads text
 * @param bytes reads everything
 */
record OpenCodec(Codec<Object> form, Codec<Object> text, Codec<Object> bytes) implements Codec<Object> {

    static Codec<Object> around(Codec<Object> form, Type type, Codecs codecs) {
        boolean open = type instanceof Class<?> declared
                && declared.isAssignableFrom(String.class)
                && declared.isAssignableFrom(byte[].class);
        return open ? new OpenCodec(form, codecs.codec(String.class, null), codecs.codec(byte[].class, null)) : form;
    }

    @Override
    public String mediaType() {
        return form.mediaType();
    }

    @Override
    public byte[] encode(Object value) {
        return form.encode(value);
    }

    @Override
    public Object decode(byte[] data) {
        try {
            return form.decode(data);
        } catch (CodecException noForm) {
            try {
                return text.decode(data);
            } catch (CodecException noText) {
                return bytes.decode(data);
            }
        }
    }
}
