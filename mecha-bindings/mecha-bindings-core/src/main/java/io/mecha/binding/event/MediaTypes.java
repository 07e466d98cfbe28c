// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The media types of the engine, and comparisons without parameters. */
public final class MediaTypes {

    static final String JSON = "application/json";
    public static final String TEXT = "text/plain";
    public static final String BYTES = "application/octet-stream";
    static final String EVENT = "application/cloudevents+json";
    static final String BATCH = "application/cloudevents-batch+json";

    private static final String EVENTS = "application/cloudevents";
    private static final String CHARSET = "charset=";

    private MediaTypes() {}

    /** Returns the media type in lower case without parameters. */
    public static String base(String mediaType) {
        int end = mediaType.indexOf(';');
        return (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /** Tells whether the data is JSON; data that does not say what it is, is. */
    static boolean isJson(@Nullable String mediaType) {
        if (mediaType == null || mediaType.equals(JSON)) {
            return true;
        }
        String base = base(mediaType);
        return base.endsWith("/json") || base.endsWith("+json");
    }

    /** Tells whether the data is text for people or other parsers. */
    static boolean isText(String mediaType) {
        String base = base(mediaType);
        return base.startsWith("text/") || base.endsWith("/xml") || base.endsWith("+xml");
    }

    /** Tells whether the body holds whole events. */
    public static boolean holdsEvents(@Nullable String mediaType) {
        return mediaType != null && mediaType.regionMatches(true, 0, EVENTS, 0, EVENTS.length());
    }

    /** Returns the name of the character set, or {@code null} if the media type names none. */
    static @Nullable String charset(String mediaType) {
        int start = mediaType.toLowerCase(Locale.ROOT).indexOf(CHARSET);
        if (start < 0) {
            return null;
        }
        String rest = mediaType.substring(start + CHARSET.length());
        int end = rest.indexOf(';');
        return (end < 0 ? rest : rest.substring(0, end)).replace("\"", "").strip();
    }
}
