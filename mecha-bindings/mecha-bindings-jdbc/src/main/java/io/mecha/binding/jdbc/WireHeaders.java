// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.spi.HeaderNames;
import io.mecha.binding.spi.Message;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Write everything of a message but its body as text: a line {@code name=value} for each part, so that people can read it.
 *
 * <p>Attributes begin with {@code ce-}, headers with {@code h-}; {@code type} is the media type and {@code key} the key.
 */
final class WireHeaders {

    private WireHeaders() {}

    static String write(Message message) {
        StringBuilder text = new StringBuilder();
        line(text, "type", message.contentType());
        line(text, "key", message.key());
        message.attributes().forEach((name, value) -> line(text, "ce-" + name, value));
        message.headers().forEach((name, value) -> {
            if (HeaderNames.isCarried(name)) {
                line(text, "h-" + name, value);
            }
        });
        return text.toString();
    }

    static Message read(String text, byte @Nullable [] body) {
        Map<String, String> attributes = new HashMap<>();
        Map<String, String> headers = new HashMap<>();
        String type = null;
        String key = null;
        for (String line : text.split("\n", -1)) {
            int end = line.indexOf('=');
            if (end < 0) {
                continue;
            }
            String name = unescape(line.substring(0, end));
            String value = unescape(line.substring(end + 1));
            if (name.startsWith("ce-")) {
                attributes.put(name.substring(3), value);
            } else if (name.startsWith("h-")) {
                headers.put(name.substring(2), value);
            } else if (name.equals("type")) {
                type = value;
            } else {
                key = value;
            }
        }
        return Message.received(key, type, attributes, headers, body);
    }

    private static void line(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            escape(text, name, true);
            text.append('=');
            escape(text, value, false);
            text.append('\n');
        }
    }

    private static void escape(StringBuilder text, String part, boolean name) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\0' -> text.append("\\0");
                case '=' -> text.append(name ? "\\e" : "=");
                default -> text.append(c);
            }
        }
    }

    private static String unescape(String part) {
        if (part.indexOf('\\') < 0) {
            return part;
        }
        StringBuilder text = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '\\' && i + 1 < part.length()) {
                char escaped = part.charAt(++i);
                text.append(
                        switch (escaped) {
                            case 'n' -> '\n';
                            case '0' -> '\0';
                            case 'e' -> '=';
                            default -> escaped;
                        });
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
