// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A pattern of LIKE: {@code %} stands for any characters, {@code _} for one, and {@code \} before either of them for itself.
 *
 * <p>The pattern is cut at each {@code %} into pieces. The first must begin the text, the last must end it, and each of the others is
 * searched for where the one before it ended. The leftmost place is always good enough, so nothing is ever tried twice: the time is at
 * most the length of the text times that of the longest piece. A character is a Unicode code point.
 */
final class LikePattern implements Predicate<String> {

    private final List<Piece> pieces;

    private LikePattern(List<Piece> pieces) {
        this.pieces = pieces;
    }

    /** Compiles a pattern; what can be answered by a method of String is. */
    static Predicate<String> compile(String pattern) {
        List<Piece> pieces = cut(pattern);
        boolean plain = pieces.stream().allMatch(Piece::plain);
        String first = pieces.get(0).text();
        String last = pieces.get(pieces.size() - 1).text();
        if (plain && pieces.size() == 1) {
            return first::equals;
        }
        if (plain && pieces.size() == 2 && last.isEmpty()) {
            return text -> text.startsWith(first);
        }
        if (plain && pieces.size() == 2 && first.isEmpty()) {
            return text -> text.endsWith(last);
        }
        return new LikePattern(pieces);
    }

    private static List<Piece> cut(String pattern) {
        List<Piece> pieces = new ArrayList<>();
        Piece.Builder piece = new Piece.Builder();
        for (int i = 0; i < pattern.length(); ) {
            int character = pattern.codePointAt(i);
            i += Character.charCount(character);
            if (character == '\\' && i < pattern.length() && "%_".indexOf(pattern.charAt(i)) >= 0) {
                piece.add(pattern.charAt(i++));
            } else if (character == '%') {
                pieces.add(piece.build());
                piece = new Piece.Builder();
            } else if (character == '_') {
                piece.addAny();
            } else {
                piece.add(character);
            }
        }
        pieces.add(piece.build());
        return pieces;
    }

    @Override
    public boolean test(String text) {
        Piece first = pieces.get(0);
        int position = first.matchAt(text, 0);
        if (pieces.size() == 1 || position < 0) {
            return position == text.length();
        }
        for (int i = 1; i < pieces.size() - 1; i++) {
            position = pieces.get(i).find(text, position);
            if (position < 0) {
                return false;
            }
        }
        return pieces.get(pieces.size() - 1).ends(text, position);
    }

    /**
     * A run of characters between two {@code %}.
     *
     * @param text the characters; what stands for an {@code _} does not matter
     * @param characters the code points; {@code -1} for an {@code _}
     * @param plain whether there is no {@code _}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Piece(String text, int[] characters, boolean plain) {

        /** Returns the end of this piece in the text if it begins at a position, and {@code -1} if it does not. */
        int matchAt(String text, int start) {
            if (plain) {
                return text.startsWith(this.text, start) ? start + this.text.length() : -1;
            }
            int position = start;
            for (int character : characters) {
                if (position == text.length()) {
                    return -1;
                }
                int found = text.codePointAt(position);
                if (character >= 0 && character != found) {
                    return -1;
                }
                position += Character.charCount(found);
            }
            return position;
        }

        /** Returns the end of the first place of this piece, and {@code -1} if there is none. */
        int find(String text, int start) {
            if (plain) {
                int found = text.indexOf(this.text, start);
                return found < 0 ? -1 : found + this.text.length();
            }
            int last = text.length() - characters.length;
            for (int position = start; position <= last; position += Character.charCount(text.codePointAt(position))) {
                int end = matchAt(text, position);
                if (end >= 0) {
                    return end;
                }
            }
            return -1;
        }

        /** Tells whether this piece ends the text, beginning at a position or later. */
        boolean ends(String text, int start) {
            if (plain) {
                return text.length() - this.text.length() >= start && text.endsWith(this.text);
            }
            int position = text.length();
            for (int i = 0; i < characters.length; i++) {
                if (position <= start) {
                    return false;
                }
                position -= Character.charCount(text.codePointBefore(position));
            }
            return position >= start && matchAt(text, position) == text.length();
        }

        private static final class Builder {

            private final StringBuilder text = new StringBuilder();
            private final List<Integer> characters = new ArrayList<>();
            private boolean plain = true;

            void add(int character) {
                text.appendCodePoint(character);
                characters.add(character);
            }

            void addAny() {
                plain = false;
                characters.add(-1);
            }

            Piece build() {
                return new Piece(
                        text.toString(),
                        characters.stream().mapToInt(Integer::intValue).toArray(),
                        plain);
            }
        }
    }
}
