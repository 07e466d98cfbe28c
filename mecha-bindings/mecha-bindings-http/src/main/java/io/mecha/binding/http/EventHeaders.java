// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.spi.HeaderNames;
import io.mecha.binding.spi.Message;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The header form of messages.
 *
 * <p>Attributes are percent-encoded, which the standard asks for. Other headers are sent as they are; those that HTTP cannot carry are
 * percent-encoded, too, and their values say so themselves: {@code UTF-8''Gr%C3%BC%C3%9Fe}. Only what could not have been sent as it is
 * is decoded, so that nothing in a request changes another header of it, which a gateway may have set, and no value passes for a plain one.
 *
 * @implNote Source: HTTP Protocol Binding for CloudEvents 1.0.2, section 3.1.3 "Metadata Headers"; RFC 8187, section 3.2.
 */
final class EventHeaders {

    static final String PREFIX = "ce-";
    private static final String ENCODED = "UTF-8''";
    private static final String CONTENT_TYPE = "content-type";
    private static final String WHOLE = "application/cloudevents";

    /** Headers of the connection, of the body, of the client, and those that hold secrets. */
    private static final Set<String> OWN = Set.of(
            "accept",
            "accept-encoding",
            "authorization",
            "connection",
            "content-length",
            "cookie",
            "date",
            "expect",
            "host",
            "keep-alive",
            "prefer",
            "proxy-authorization",
            "proxy-connection",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private EventHeaders() {}

    /** Writes everything of a message but its body. */
    static void write(Message message, HttpHeaders target) {
        if (message.contentType() != null) {
            target.set(CONTENT_TYPE, message.contentType());
        }
        message.headers().forEach((name, value) -> {
            if (isToken(name) && !isOwn(name)) {
                target.set(name, isPlain(value) ? value : ENCODED + encode(value));
            }
        });
        message.attributes().forEach((name, value) -> {
            if (isToken(name) && HeaderNames.isCarriedAttribute(name)) {
                target.set(PREFIX + name, encode(value));
            }
        });
    }

    /**
     * Reads a message.
     *
     * @param source headers, as they were received
     * @param contentType the media type, as it was received; where it says that the body holds whole events, those say their attributes,
     *     whatever headers say
     * @throws IllegalArgumentException if a header has different values, or is no UTF-8
     */
    static Message read(HttpHeaders source, @Nullable String contentType, byte @Nullable [] body) {
        Map<String, String> attributes = new HashMap<>();
        Map<String, String> headers = new HashMap<>();
        boolean whole = contentType != null && contentType.regionMatches(true, 0, WHOLE, 0, WHOLE.length());
        source.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            String value = String.join(",", values);
            if (lower.startsWith(PREFIX)) {
                if (!whole) {
                    attributes.put(lower.substring(PREFIX.length()), attribute(lower, values));
                }
            } else if (!isOwn(lower)) {
                headers.put(lower, value.startsWith(ENCODED) ? text(value) : value);
            }
        });
        return Message.received(attributes.get("partitionkey"), contentType, attributes, headers, body);
    }

    private static String attribute(String header, List<String> values) {
        String value = decode(values.get(0));
        for (String other : values.subList(1, values.size())) {
            if (!decode(other).equals(value)) {
                throw new IllegalArgumentException("The header '%s' has different values.".formatted(header));
            }
        }
        return value;
    }

    /** Returns the value that was written as this text; the text itself, if {@link #write} would have written that value otherwise. */
    private static String text(String written) {
        String encoded = written.substring(ENCODED.length());
        try {
            String value = decode(encoded);
            return !isPlain(value) && encode(value).equals(encoded) ? value : written;
        } catch (IllegalArgumentException malformed) {
            return written;
        }
    }

    private static boolean isOwn(String name) {
        return OWN.contains(name) || HeaderNames.isReserved(name);
    }

    private static boolean isToken(String name) {
        return !name.isEmpty()
                && name.chars()
                        .allMatch(character -> character < 127
                                && (Character.isLetterOrDigit(character) || "!#$%&'*+-.^_`|~".indexOf(character) >= 0));
    }

    private static boolean isPlain(String value) {
        return !value.startsWith(ENCODED)
                && value.equals(value.strip())
                && value.chars().allMatch(character -> character >= ' ' && character < 127);
    }

    static String encode(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (byte unit : value.getBytes(StandardCharsets.UTF_8)) {
            if (unit > ' ' && unit < 127 && unit != '"' && unit != '%') {
                text.append((char) unit);
            } else {
                text.append('%').append(hex(unit >> 4)).append(hex(unit));
            }
        }
        return text.toString();
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit & 15, 16));
    }

    /** Reads a value; a {@code %} that is followed by no two digits stands for itself. */
    static String decode(String value) {
        String text = unquote(value);
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            int code = text.charAt(i) == '%' ? hexAt(text, i + 1) : -1;
            if (code >= 0) {
                bytes.write(code);
                i += 2;
            } else {
                bytes.writeBytes(text.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new IllegalArgumentException("A header is percent-encoded, and not as UTF-8.", malformed);
        }
    }

    private static int hexAt(String text, int position) {
        if (position + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(position), 16);
        int low = Character.digit(text.charAt(position + 1), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static String unquote(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        return value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
    }
}
