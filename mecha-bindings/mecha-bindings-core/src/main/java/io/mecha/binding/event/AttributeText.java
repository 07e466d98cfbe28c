// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text form of attributes.
 *
 * <p>Source: CloudEvents 1.0.2, section "Type System".
 */
public final class AttributeText {

    /** The maximum number of attributes of an event, extensions included. */
    public static final int MAXIMUM_COUNT = 256;

    /** The maximum length of an attribute, in UTF-16 code units. */
    public static final int MAXIMUM_LENGTH = 64 * 1024;

    private static final int DELETE = 0x7F;
    private static final int LAST_CONTROL = 0x9F;
    private static final int NONCHARACTER = 0xFFFE;
    private static final int SECONDS_END = 19;
    private static final int NANO_DIGITS = 9;
    private static final int LEAP_SECOND = 60;
    private static final long DAY_SECONDS = 86_400;
    private static final Pattern UNUSUAL_TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:)(\\d\\d)(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)");

    /** For each character below {@link #DELETE}, whether it may be in a name, in a plain path, in a URI. */
    private static final boolean[] NAME = table("abcdefghijklmnopqrstuvwxyz0123456789");

    private static final boolean[] PATH = table("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~");
    private static final boolean[] URI_CHARACTERS =
            table("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&'()*+,;=%");

    private AttributeText() {}

    private static boolean[] table(String characters) {
        boolean[] table = new boolean[DELETE];
        characters.chars().forEach(character -> table[character] = true);
        return table;
    }

    /**
     * Return the canonical text of an attribute.
     *
     * @param value String, Boolean, Integer, byte[], URI or Instant
     * @return the value as text; Base64 for bytes
     */
    public static String of(Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value.toString();
    }

    /**
     * Read a time, RFC 3339.
     *
     * @param text time with an offset, such as {@code 2026-11-25T04:00:00.123Z}
     * @return the time, in nanoseconds; for a leap second, the second before it
     * @throws DateTimeException if the text is no such time
     */
    public static Instant time(String text) {
        Instant usual = utc(text);
        if (usual != null) {
            return usual;
        }
        Matcher unusual = UNUSUAL_TIME.matcher(text);
        return unusual.matches() ? time(unusual) : OffsetDateTime.parse(text).toInstant();
    }

    /** Reads a leap second, as the last one of its minute, and digits of a fraction beyond the ninth, which do not count. */
    private static Instant time(Matcher parts) {
        boolean leap = parts.group(2).equals("60");
        String fraction = parts.group(3) == null ? "" : parts.group(3);
        Instant time = OffsetDateTime.parse(parts.group(1)
                        + (leap ? "59" : parts.group(2))
                        + fraction.substring(0, Math.min(NANO_DIGITS + 1, fraction.length()))
                        + parts.group(4))
                .toInstant();
        if (leap && time.getEpochSecond() % DAY_SECONDS != DAY_SECONDS - 1) {
            throw new DateTimeException("A leap second is the last one of a day");
        }
        return time;
    }

    /** Reads what nearly all write, such as {@code 2026-11-25T04:00:00.123456Z}, without a formatter, which takes ten times as long. */
    private static @Nullable Instant utc(String text) {
        int end = text.length() - 1;
        boolean whole = end == SECONDS_END;
        boolean fractional = end > SECONDS_END + 1 && end <= SECONDS_END + 1 + NANO_DIGITS;
        if (!(whole || fractional) || !isPunctuated(text, end, whole)) {
            return null;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, SECONDS_END);
        if (second == LEAP_SECOND) {
            return null;
        }
        int fraction = whole ? 0 : number(text, SECONDS_END + 1, end);
        if ((year | month | day | hour | minute | second | fraction) < 0) {
            return null;
        }
        for (int digits = whole ? NANO_DIGITS : end - SECONDS_END - 1; digits < NANO_DIGITS; digits++) {
            fraction *= 10;
        }
        return LocalDateTime.of(year, month, day, hour, minute, second, fraction)
                .toInstant(ZoneOffset.UTC);
    }

    private static boolean isPunctuated(String text, int end, boolean whole) {
        return text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && (whole || text.charAt(SECONDS_END) == '.')
                && text.charAt(end) == 'Z';
    }

    /** Returns a number of at most nine digits, or -1. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int index = from; index < to; index++) {
            int digit = text.charAt(index) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /**
     * Tell whether CloudEvents allows a text as a string.
     *
     * @param text any text
     * @return {@code false} if it has a control character, an unpaired surrogate, or a code point that is a noncharacter
     */
    public static boolean isText(String text) {
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character < ' ' || (character >= DELETE && !isPrintable(text, index))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrintable(String text, int index) {
        char character = text.charAt(index);
        if (Character.isLowSurrogate(character)) {
            return index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
        }
        int point = text.codePointAt(index);
        boolean whole = !Character.isHighSurrogate(character) || Character.isSupplementaryCodePoint(point);
        boolean assignable = (point & NONCHARACTER) != NONCHARACTER && (point < 0xFDD0 || point > 0xFDEF);
        return whole && assignable && point > LAST_CONTROL;
    }

    /** Tells whether a text has an encoding: no half of a character. */
    static boolean isUnicode(String text) {
        for (int index = 0; index < text.length(); index++) {
            if (Character.isSurrogate(text.charAt(index))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(index))) {
                    return false;
                }
                index++;
            }
        }
        return true;
    }

    /**
     * Replace each code point that {@link #isText} does not allow by a space.
     *
     * @param text any text
     * @return a text that {@link #isText} allows; {@code text} itself if it does already
     */
    public static String clean(String text) {
        if (isText(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> isText(Character.toString(point)) ? point : ' ')
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    /**
     * Tell whether a text is a URI or a reference to one, RFC 3986.
     *
     * @param text any text
     * @param absolute whether it must have a scheme; otherwise a relative reference will do
     * @return {@code false} also for characters outside ASCII
     */
    public static boolean isUri(String text, boolean absolute) {
        if (!absolute && isPlainPath(text)) {
            return true;
        }
        try {
            URI uri = new URI(text);
            return isAscii(text) && (!absolute || uri.isAbsolute());
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /** Tells whether a text is the path that most sources are, such as {@code /shop/orders}, without parsing it. */
    private static boolean isPlainPath(String text) {
        if (!text.startsWith("/") || text.startsWith("//")) {
            return false; // another document, or the name of a server
        }
        for (int index = 1; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character >= DELETE || !PATH[character]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String text) {
        for (int index = 0; index < text.length(); index++) {
            if (text.charAt(index) >= DELETE) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether all characters of a text may be in a URI; takes no time. */
    static boolean mayBeUri(String text) {
        for (int index = 0; index < text.length(); index++) {
            char character = text.charAt(index);
            if (character >= DELETE || !URI_CHARACTERS[character]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tell whether a text can be the name of an attribute.
     *
     * @param name any text
     * @return {@code true} for one or more lower-case letters and digits of ASCII; the length is not limited
     */
    public static boolean isName(String name) {
        for (int index = 0; index < name.length(); index++) {
            char character = name.charAt(index);
            if (character >= DELETE || !NAME[character]) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
