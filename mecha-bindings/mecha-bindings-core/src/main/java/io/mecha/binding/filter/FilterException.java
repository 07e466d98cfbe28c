// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import io.mecha.MechaException;
import io.mecha.Mistake;

/**
 * A failure to compile a filter, with the place of the mistake.
 *
 * @since 1.0
 */
public final class FilterException extends MechaException {

    private static final long serialVersionUID = 1L;
    private static final String CODE = "MECHA-B120";
    private static final int CONTEXT = 60;

    private final String expression;
    private final int position;

    FilterException(String expression, int position, String reason) {
        super(
                CODE,
                "A filter does not parse at position %d, %s:%n%s%n"
                        .formatted(position + 1, reason, excerpt(expression, position)),
                "Write a CloudEvents SQL expression, for example: type = 'order.placed' AND tenant IN ('a', 'b')",
                null);
        this.expression = expression;
        this.position = position;
    }

    /**
     * Return the expression.
     *
     * @return the expression as written
     */
    public String expression() {
        return expression;
    }

    /**
     * Return where the mistake is.
     *
     * @return index into the expression, from 0
     */
    public int position() {
        return position;
    }

    /**
     * Describe the mistake as one of the configuration.
     *
     * @param property the property that holds the filter, or where else it stands
     * @return the mistake
     */
    public Mistake mistake(String property) {
        return new Mistake(CODE, property, problem(), action());
    }

    /** Shows the line with the mistake, or what is around it in a long one, and a caret below. */
    private static String excerpt(String expression, int position) {
        int from = Math.max(
                Math.max(expression.lastIndexOf('\n', position - 1), expression.lastIndexOf('\r', position - 1)) + 1,
                position - CONTEXT);
        int to = Math.min(expression.length(), position + CONTEXT);
        for (int i = position; i < to; i++) {
            if (expression.charAt(i) == '\n' || expression.charAt(i) == '\r') {
                to = i;
            }
        }
        String line = expression.substring(from, to).replace('\t', ' ');
        return "  %s%n  %s^".formatted(line, " ".repeat(position - from));
    }
}
