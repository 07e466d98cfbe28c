// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

/**
 * A word of an expression.
 *
 * @param text names as written, keywords in upper case, literals without quotes and escapes
 * @param start where it begins
 * @param end where what follows begins
 */
record CesqlToken(Kind kind, String text, int start, int end) {

    enum Kind {
        KEYWORD,
        NAME,
        INTEGER,
        STRING,
        SYMBOL,
        END
    }

    boolean is(Kind other, String expected) {
        return kind == other && text.equals(expected);
    }

    /** Tells what was found, for messages. */
    String found() {
        return kind == Kind.END ? "the end" : "'" + text + "'";
    }
}
