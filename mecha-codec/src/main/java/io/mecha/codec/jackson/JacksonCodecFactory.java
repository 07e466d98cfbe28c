// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecFactory;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;

/**
 * A factory of codecs for one of Jackson's data formats.
 *
 * @since 1.0
 */
public final class JacksonCodecFactory implements CodecFactory {

    private final String mediaType;
    private final ObjectMapper mapper;
    private volatile @Nullable ObjectMapper open;

    /**
     * Create a factory on a mapper.
     *
     * @param mediaType media type in lower case without parameters
     * @param mapper mapper of the data format; must not change afterwards
     */
    public JacksonCodecFactory(String mediaType, ObjectMapper mapper) {
        this.mediaType = Objects.requireNonNull(mediaType, "mediaType");
        this.mapper = Objects.requireNonNull(mapper, "mapper");
    }

    @Override
    public String mediaType() {
        return mediaType;
    }

    @Override
    public Codec<Object> codec(Type type) {
        JavaType javaType = mapper.constructType(type);
        ObjectMapper writing = OpenTypes.isOpen(type) ? open() : mapper;
        return new JacksonCodec(mediaType, type.getTypeName(), writing.writerFor(javaType), mapper.readerFor(javaType));
    }

    private ObjectMapper open() {
        ObjectMapper known = open;
        if (known == null) {
            known = OpenTypes.writing(mapper);
            open = known;
        }
        return known;
    }
}
