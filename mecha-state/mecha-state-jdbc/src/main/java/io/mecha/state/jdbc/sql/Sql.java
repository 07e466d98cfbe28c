// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc.sql;

import java.util.stream.IntStream;

/**
 * The text of a statement, and which of its parameters are the time.
 *
 * <p>They are bound when the statement runs, so that code which binds the others need not know of them.
 */
public final class Sql {

    /** What stands for the time in a template, as a parameter of its own. */
    static final String TIME = ":now";

    private static final int[] NONE = {};

    private final String text;
    private final int[] times;

    private Sql(String text, int[] times) {
        this.text = text;
        this.times = times;
    }

    /**
     * Make a statement of a template.
     *
     * @param template text with {@code ?} for each parameter and {@value #TIME} where the time goes
     * @return the statement
     */
    static Sql of(String template) {
        if (!template.contains(TIME)) {
            return new Sql(template, NONE);
        }
        String marked = template.replace(TIME, "@");
        int[] parameters =
                marked.chars().filter(each -> each == '?' || each == '@').toArray();
        int[] times = IntStream.range(0, parameters.length)
                .filter(i -> parameters[i] == '@')
                .map(i -> i + 1)
                .toArray();
        return new Sql(marked.replace('@', '?'), times);
    }

    /**
     * Return the text.
     *
     * @return a statement as JDBC takes it
     */
    public String text() {
        return text;
    }

    /** Tell whether a parameter, from 1, is the time. */
    boolean isTime(int parameter) {
        for (int time : times) {
            if (time == parameter) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return text;
    }
}
