// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import io.mecha.binding.filter.CesqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The lexer of expressions. */
final class CesqlLexer {

    private static final Set<String> KEYWORDS =
            Set.of("AND", "OR", "XOR", "NOT", "LIKE", "IN", "EXISTS", "TRUE", "FALSE");

    private final String expression;
    private int position;

    private CesqlLexer(String expression) {
        this.expression = expression;
    }

    /** Returns the words; the last is the end. */
    static List<CesqlToken> read(String expression) {
        CesqlLexer lexer = new CesqlLexer(expression);
        List<CesqlToken> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
        } while (tokens.get(tokens.size() - 1).kind() != Kind.END);
        return tokens;
    }

    private CesqlToken next() {
        while (position < expression.length() && " \t\r\n".indexOf(expression.charAt(position)) >= 0) {
            position++;
        }
        int start = position;
        if (start == expression.length()) {
            return new CesqlToken(Kind.END, "", start, start);
        }
        char first = expression.charAt(start);
        if (first == '\'' || first == '"') {
            return string(first);
        }
        if (isWord(first)) {
            return word();
        }
        return symbol(first);
    }

    private CesqlToken string(char quote) {
        int start = position++;
        StringBuilder text = new StringBuilder();
        while (position < expression.length()) {
            char character = expression.charAt(position++);
            if (character == quote) {
                return new CesqlToken(Kind.STRING, text.toString(), start, position);
            }
            if (character == '\\' && position < expression.length()) {
                char escaped = expression.charAt(position++);
                // Only the quote needs its backslash; LIKE reads the others.
                if (escaped != quote) {
                    text.append(character);
                }
                text.append(escaped);
            } else {
                text.append(character);
            }
        }
        throw new FilterException(expression, start, "the text has no closing " + quote);
    }

    private CesqlToken word() {
        int start = position;
        while (position < expression.length() && isWord(expression.charAt(position))) {
            position++;
        }
        String text = expression.substring(start, position);
        if (text.chars().allMatch(character -> character >= '0' && character <= '9')) {
            return new CesqlToken(Kind.INTEGER, text, start, position);
        }
        String keyword = text.toUpperCase(Locale.ROOT);
        return KEYWORDS.contains(keyword)
                ? new CesqlToken(Kind.KEYWORD, keyword, start, position)
                : new CesqlToken(Kind.NAME, text, start, position);
    }

    private CesqlToken symbol(char first) {
        int start = position++;
        String two = expression.substring(start, Math.min(start + 2, expression.length()));
        if (Set.of("!=", "<>", "<=", ">=").contains(two)) {
            position++;
            return new CesqlToken(Kind.SYMBOL, two, start, position);
        }
        if ("()=<>+-*/%,".indexOf(first) < 0) {
            throw new FilterException(
                    expression,
                    start,
                    "%s has no meaning here".formatted(Character.toString(expression.codePointAt(start))));
        }
        return new CesqlToken(Kind.SYMBOL, String.valueOf(first), start, position);
    }

    private static boolean isWord(char character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '_';
    }
}
