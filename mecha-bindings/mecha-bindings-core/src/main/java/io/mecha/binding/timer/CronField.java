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
    static final List<String> DAYS = List.of("", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN");

    private static final Pattern RANGE = Pattern.compile("(\\*|\\?|(\\d{1,2})(-(\\d{1,2}))?)(/(\\d{1,3}))?");

    /**
     * Reads {@code *}, {@code 5}, {@code 1-5}, {@code 0/10}, {@code 8-18/2}, and lists of them.
     *
     * @param names names of numbers by their places, for example {@code JAN}; may be empty
     * @throws IllegalArgumentException with what is wrong
     */
    static CronField parse(String name, String text, List<String> names, int minimum, int maximum) {
        long bits = 0;
        for (String part : text.split(",", -1)) {
            bits |= bits(name, part, numbers(part, names), minimum, maximum);
        }
        return new CronField(bits, minimum, maximum);
    }

    /**
     * Reads days of the week, with 1 or {@code MON} as the first. Sunday is 7, and 0 where a range begins with it.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static CronField parseDayOfWeek(String part) {
        String numbers = numbers(part, DAYS).replaceFirst("^[*?]", "1-7").replaceFirst("^7-", "0-");
        return new CronField(bits("day of week", part, numbers, 0, 7), 0, 7);
    }

    private static long bits(String name, String written, String part, int minimum, int maximum) {
        Matcher range = RANGE.matcher(part);
        if (!range.matches()) {
            throw wrong(name, written, "is no number, range, step or '*'");
        }
        String first = range.group(2);
        String step = range.group(6);
        int from = first == null ? minimum : Integer.parseInt(first);
        int to = range.group(4) != null ? Integer.parseInt(range.group(4)) : from;
        if (first == null || (range.group(4) == null && step != null)) {
            to = maximum;
        }
        if (from < minimum || to > maximum) {
            throw wrong(name, written, "is not within %d to %d".formatted(minimum, maximum));
        }
        if (from > to) {
            throw wrong(name, written, "ends before it begins");
        }
        int by = step == null ? 1 : Integer.parseInt(step);
        if (by == 0) {
            throw wrong(name, written, "has steps of 0");
        }
        long bits = 0;
        for (int number = from; number <= to; number += by) {
            bits |= 1L << number;
        }
        return bits;
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
