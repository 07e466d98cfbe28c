// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecFactory;
import io.mecha.codec.Codecs;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.smile.SmileMapper;

/**
 * The codecs among Jackson's data formats and those an application adds.
 *
 * @since 1.0
 */
public final class JacksonCodecs implements Codecs {

    private static final String JSON = "application/json";

    private final Map<String, CodecFactory> factories = new LinkedHashMap<>();

    /**
     * Know JSON, CBOR and Smile, the latter two where their modules are on the class path, and more.
     *
     * @param json the application's mapper
     * @param more factories that add a media type or replace a built-in one
     */
    public JacksonCodecs(JsonMapper json, Collection<? extends CodecFactory> more) {
        add(new JacksonCodecFactory(JSON, json));
        if (isPresent("tools.jackson.dataformat.cbor.CBORMapper")) {
            add(Cbor.factory());
        }
        if (isPresent("tools.jackson.dataformat.smile.SmileMapper")) {
            add(Smile.factory());
        }
        more.forEach(this::add);
    }

    /**
     * Know JSON, CBOR and Smile with Jackson's defaults.
     *
     * @return codecs for use without an application
     */
    public static JacksonCodecs standard() {
        return new JacksonCodecs(JsonMapper.builder().findAndAddModules().build(), List.of());
    }

    private void add(CodecFactory factory) {
        factories.put(factory.mediaType(), factory);
    }

    @Override
    public Codec<Object> codec(Type type, @Nullable String mediaType) {
        if (type == byte[].class) {
            return PlainCodec.BYTES;
        }
        if (type == String.class) {
            return PlainCodec.TEXT;
        }
        boolean plain = OpenTypes.takesPlain(type);
        for (PlainCodec codec : plain ? PlainCodec.values() : new PlainCodec[0]) {
            if (codec.mediaType().equals(mediaType)) {
                return new ByValueCodec(type.getTypeName(), codec);
            }
        }
        CodecFactory factory = factories.get(mediaType == null ? JSON : mediaType);
        if (factory == null) {
            throw new IllegalArgumentException(
                    "No codec supports the media type '%s'; known: %s".formatted(mediaType, mediaTypes()));
        }
        return plain ? new ByValueCodec(type.getTypeName(), factory.codec(type)) : factory.codec(type);
    }

    @Override
    public Set<String> mediaTypes() {
        return Collections.unmodifiableSet(factories.keySet());
    }

    private static boolean isPresent(String className) {
        try {
            Class.forName(className, false, JacksonCodecs.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    /** The optional CBOR module, touched only when it is there. */
    private static final class Cbor {

        static CodecFactory factory() {
            return new JacksonCodecFactory(
                    "application/cbor", CBORMapper.builder().findAndAddModules().build());
        }
    }

    /** The optional Smile module, touched only when it is there. */
    private static final class Smile {

        static CodecFactory factory() {
            return new JacksonCodecFactory(
                    "application/x-jackson-smile",
                    SmileMapper.builder().findAndAddModules().build());
        }
    }
}
