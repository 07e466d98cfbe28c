// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

/** Functions on texts as sequences of Unicode characters, not of UTF-16 units. */
final class Strings {

    private Strings() {}

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Returns the beginning of a text, or a failure that has the whole text as its value. */
    static Object left(String text, int count) {
        if (count < 0) {
            return new Failure(Fault.FUNCTION, text);
        }
        return count >= length(text) ? text : text.substring(0, text.offsetByCodePoints(0, count));
    }

    /** Returns the end of a text, or a failure that has the whole text as its value. */
    static Object right(String text, int count) {
        if (count < 0) {
            return new Failure(Fault.FUNCTION, text);
        }
        return count >= length(text) ? text : text.substring(text.offsetByCodePoints(text.length(), -count));
    }

    /**
     * Returns a part of a text, or a failure.
     *
     * @param position counts from 1, or from -1 backwards; 0 is before every character
     */
    static Object substring(String text, int position, int count) {
        int length = length(text);
        if (count < 0 || position > length || position < -length) {
            return Failure.text(Fault.FUNCTION);
        }
        if (position == 0) {
            return "";
        }
        int skipped = position > 0 ? position - 1 : length + position;
        int start = text.offsetByCodePoints(0, skipped);
        return text.substring(start, text.offsetByCodePoints(start, Math.min(count, length - skipped)));
    }

    /** Removes what has the Unicode property White_Space from both ends. */
    static String trim(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isWhiteSpace(text.charAt(start))) {
            start++;
        }
        while (start < end && isWhiteSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isWhiteSpace(char character) {
        return Character.isSpaceChar(character) || (character >= '\t' && character <= '\r') || character == '\u0085';
    }
}
