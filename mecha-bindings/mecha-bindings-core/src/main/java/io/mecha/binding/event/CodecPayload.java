// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;
import io.mecha.codec.Codecs;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of a declared type, resolved once for each media type as it is written.
 *
 * @param <T> declared type of the payload
 */
public final class CodecPayload<T> implements IncomingEvent.PayloadType<T> {

    // Senders choose the media types: what they make up must not fill the memory.
    private static final int MAXIMUM_MEDIA_TYPES = 64;

    /** What senders of text and of bytes write, whatever is in them: to a handler of objects, JSON. */
    private static final Set<String> SAYS_NOTHING = Set.of("text/plain", "application/octet-stream");

    private final Type type;
    private final Class<?> raw;
    private final Codecs codecs;
    private final Map<String, Codec<Object>> known = new ConcurrentHashMap<>();

    /**
     * Create the codecs of a type; none is resolved yet.
     *
     * @param type declared type of the payload; may be generic
     * @param codecs codecs of the application, by type and media type
     */
    public CodecPayload(Type type, Codecs codecs) {
        this.type = type;
        this.raw = raw(type);
        this.codecs = codecs;
    }

    // An instance of a generic type does not tell its arguments: it is not passed on as it is, but through the codec.
    private static Class<?> raw(Type type) {
        return type instanceof Class<?> declared ? declared : Object.class;
    }

    /**
     * Tell whether a body of length zero is a value, and not the absence of one.
     *
     * @param raw declared class of the payload
     * @param mediaType media type of the data; {@code null} if the message names none
     * @return {@code true} for byte arrays and strings whose media type is named
     */
    public static boolean takesNothing(Class<?> raw, @Nullable String mediaType) {
        return mediaType != null && (raw == byte[].class || raw == String.class);
    }

    /**
     * Return the declared type.
     *
     * @return the type with its arguments, if it is generic
     */
    public Type type() {
        return type;
    }

    @Override
    public Class<?> raw() {
        return raw;
    }

    /** Throws {@link CodecException} if there is no codec. */
    @Override
    public Codec<Object> codec(@Nullable String mediaType) {
        String asked = mediaType == null ? MediaTypes.JSON : mediaType;
        Codec<Object> codec = known.get(asked);
        if (codec == null) {
            codec = resolve(asked);
            if (known.size() < MAXIMUM_MEDIA_TYPES) {
                known.put(asked, codec);
            }
        }
        return codec;
    }

    private Codec<Object> resolve(String mediaType) {
        try {
            if (raw == String.class) {
                String charset = MediaTypes.charset(mediaType);
                if (charset != null && !Charset.forName(charset).equals(StandardCharsets.UTF_8)) {
                    return new CharsetCodec(Charset.forName(charset));
                }
            }
            String base = MediaTypes.base(mediaType);
            boolean own = codecs.mediaTypes().contains(base);
            return codecs.codec(type, !own && (MediaTypes.isJson(base) || SAYS_NOTHING.contains(base)) ? null : base);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw CodecException.unreadable(type.getTypeName(), MediaTypes.base(mediaType), "unknown character set");
        } catch (IllegalArgumentException unknown) {
            throw CodecException.unreadable(
                    type.getTypeName(), MediaTypes.base(mediaType), "no codec supports the media type for the type");
        }
    }

    /** A codec of text in a character set other than UTF-8. */
    private record CharsetCodec(Charset charset) implements Codec<Object> {

        @Override
        public String mediaType() {
            return "text/plain";
        }

        @Override
        public byte[] encode(Object value) {
            return ((String) value).getBytes(charset);
        }

        @Override
        public Object decode(byte[] bytes) {
            return new String(bytes, charset);
        }
    }
}
