// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers that one field of a cron expression allows: a bit for each. */
record CronField(long bits, int minimum, int maximum) {

    static final List<String> MONTHS =
            List.of("", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    private static final Pattern RANGE = Pattern.compile("(\\*|\\?|(\\d{1,2})(-(\\d{1,2}))?)(/(\\d{1,3}))?");

    /**
     * Reads {@code *}, {@code 5}, {@code 1-5}, {@code 0/10}, {@code 8-18/2}, and lists of them.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static CronField parse(String name, String text, int minimum, int maximum) {
        long bits = 0;
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw wrong(name, part, "is no number, range, step or '*'");
            }
            String first = range.group(2);
            String step = range.group(6);
            int from = first == null ? minimum : Integer.parseInt(first);
            int to = range.group(4) != null ? Integer.parseInt(range.group(4)) : from;
            if (first == null || (range.group(4) == null && step != null)) {
                to = maximum;
            }
            if (from < minimum || to > maximum || from > to) {
                throw wrong(name, part, "is not within %d to %d".formatted(minimum, maximum));
            }
            int by = step == null ? 1 : Integer.parseInt(step);
            if (by == 0) {
                throw wrong(name, part, "has steps of 0");
            }
            for (int number = from; number <= to; number += by) {
                bits |= 1L << number;
            }
        }
        return new CronField(bits, minimum, maximum);
    }

    /** Replaces names by their places in a list. */
    static String numbers(String text, List<String> names) {
        String numbers = text.toUpperCase(Locale.ROOT);
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).isEmpty()) {
                numbers = numbers.replace(names.get(i), Integer.toString(i));
            }
        }
        return numbers;
    }

    static IllegalArgumentException wrong(String name, String part, String problem) {
        return new IllegalArgumentException("the %s '%s' %s".formatted(name, part, problem));
    }

    boolean has(int number) {
        return (bits & 1L << number) != 0;
    }

    /** Tells whether every number is allowed. */
    boolean all() {
        return Long.bitCount(bits) == maximum - minimum + 1;
    }

    /** Returns the first allowed number that is not smaller, or -1. */
    int next(int from) {
        if (from > maximum) {
            return -1;
        }
        long rest = bits >>> from;
        return rest == 0 ? -1 : from + Long.numberOfTrailingZeros(rest);
    }
}
