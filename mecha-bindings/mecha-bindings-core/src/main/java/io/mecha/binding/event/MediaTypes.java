// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The media types of the engine, and comparisons without parameters. */
public final class MediaTypes {

    static final String JSON = "application/json";

    /** Media type of plain text. */
    public static final String TEXT = "text/plain";

    /** Media type of bytes of unknown meaning. */
    public static final String BYTES = "application/octet-stream";

    static final String EVENT = "application/cloudevents+json";
    static final String BATCH = "application/cloudevents-batch+json";

    private static final String EVENTS = "application/cloudevents";
    private static final String CHARSET = "charset=";

    private MediaTypes() {}

    /**
     * Return a media type without its parameters.
     *
     * @param mediaType media type in any case, with or without parameters
     * @return type and subtype in lower case
     */
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

    /**
     * Tell whether a body of a media type holds whole events, attributes included.
     *
     * @param mediaType media type of the message; {@code null} if it has none
     * @return {@code true} for one event or a batch, in JSON or any other format of CloudEvents
     */
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
