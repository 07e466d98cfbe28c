// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The pause that another side asks for.
 *
 * @implNote Source: HTTP Semantics, RFC 9110, sections 5.6.7 "Date/Time Formats" and 10.2.3 "Retry-After".
 */
final class RetryAfter {

    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final int DIGITS = 9;

    private RetryAfter() {}

    /**
     * Reads the value of the header.
     *
     * @param value seconds, with any number of digits, or a date in one of the three forms of HTTP; {@code null} if there is none
     * @return how long to wait from now; zero if it is none of that, or a date that is past
     */
    static Duration delay(@Nullable String value, Instant now) {
        String text = value == null ? "" : value.strip();
        if (text.matches("[0-9]+")) {
            String digits = text.replaceFirst("^0+(?=.)", "");
            return digits.length() > DIGITS ? LONGEST : Duration.ofSeconds(Long.parseLong(digits));
        }
        for (DateTimeFormatter form : forms(now)) {
            try {
                Instant then = LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
                return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
            } catch (DateTimeParseException e) {
                // Another form, or none.
            }
        }
        return Duration.ZERO;
    }

    private static List<DateTimeFormatter> forms(Instant now) {
        // Two digits mean the last such year that is no more than 50 years ahead.
        int year = now.atOffset(ZoneOffset.UTC).getYear();
        return List.of(
                form().appendPattern("EEE, d MMM uuuu HH:mm:ss 'GMT'").toFormatter(Locale.US),
                form().appendPattern("EEEE, dd-MMM-")
                        .appendValueReduced(ChronoField.YEAR, 2, 2, year - 49)
                        .appendPattern(" HH:mm:ss 'GMT'")
                        .toFormatter(Locale.US),
                form().appendPattern("EEE MMM ppd HH:mm:ss uuuu").toFormatter(Locale.US));
    }

    private static DateTimeFormatterBuilder form() {
        return new DateTimeFormatterBuilder().parseCaseInsensitive();
    }
}
