// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.spi.HeaderNames;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.runtime.Ids;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text form of everything of a message but its body: a line {@code name=value} for each part, readable for people.
 *
 * <p>Attributes begin with {@code ce-}, headers with {@code h-}; {@code type} is the media type and {@code key} the key.
 * A message without attributes has an {@code id} of its own, by which it is known in whichever row it lies.
 */
final class WireHeaders {

    private WireHeaders() {}

    static String write(Message message) {
        StringBuilder text = new StringBuilder();
        line(text, "type", message.contentType());
        line(text, "key", message.key());
        if (message.attributes().isEmpty()) {
            line(text, "id", id(message));
        }
        message.attributes().forEach((name, value) -> {
            if (HeaderNames.isCarriedAttribute(name)) {
                line(text, "ce-" + name, value);
            }
        });
        message.headers().forEach((name, value) -> {
            if (HeaderNames.isCarried(name)) {
                line(text, "h-" + name, value);
            }
        });
        return text.toString();
    }

    private static String id(Message message) {
        return message.original() instanceof MessageIdentity.Identity identity ? identity.id() : Ids.random();
    }

    /** Return what a message without attributes is known by. */
    static MessageIdentity.Identity identity(Message message, long row) {
        return message.original() instanceof MessageIdentity.Identity identity
                ? identity
                : new MessageIdentity.Identity("row-" + row, null, null); // written before rows had ids
    }

    static Message read(String text, byte @Nullable [] body) {
        Map<String, String> attributes = new HashMap<>();
        Map<String, String> headers = new HashMap<>();
        String type = null;
        String key = null;
        MessageIdentity.Identity identity = null;
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
            } else if (name.equals("key")) {
                key = value;
            } else if (name.equals("id") && !value.isEmpty()) {
                identity = new MessageIdentity.Identity(value, null, null);
            }
        }
        return Message.received(key, type, attributes, headers, body, identity);
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
