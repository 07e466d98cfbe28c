// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/** A codec of one type through a writer and a reader that were resolved once. */
final class JacksonCodec implements Codec<Object> {

    private final String mediaType;
    private final String typeName;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    JacksonCodec(String mediaType, String typeName, ObjectWriter writer, ObjectReader reader) {
        this.mediaType = mediaType;
        this.typeName = typeName;
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public String mediaType() {
        return mediaType;
    }

    @Override
    public byte[] encode(Object value) {
        try {
            return writer.writeValueAsBytes(value);
        } catch (JacksonException failure) {
            throw CodecException.unwritable(typeName, mediaType, reason(failure));
        }
    }

    @Override
    public Object decode(byte[] bytes) {
        @Nullable Object value;
        try {
            value = reader.readValue(bytes);
        } catch (JacksonException failure) {
            throw CodecException.unreadable(typeName, mediaType, reason(failure));
        }
        if (value == null) {
            throw CodecException.unreadable(typeName, mediaType, "the bytes hold null");
        }
        return value;
    }

    // Jackson quotes the input in its messages, and keys of a map are data too: only kinds and declared names are told.
    private static String reason(JacksonException failure) {
        String kind = failure.getClass().getSimpleName();
        String path = failure.getPath().stream().map(JacksonCodec::step).collect(Collectors.joining());
        return path.isEmpty() ? kind : kind + " at " + path;
    }

    private static String step(JacksonException.Reference reference) {
        String property = reference.getPropertyName();
        if (property == null) {
            return "[%d]".formatted(reference.getIndex());
        }
        return reference.from() instanceof Map || reference.from() == Map.class ? ".*" : "." + property;
    }
}
