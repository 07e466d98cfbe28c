// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schedule of a cron expression: second, minute, hour, day of month, month, day of week, all of which must match.
 *
 * <p>When clocks are set forward, an expression that names hours fires once at the end of the gap for all that falls into it; one with
 * {@code *} as hour goes on after the gap. When they are set back, an expression that names hours fires in the first of both passes
 * only; one with {@code *} as hour goes on in both. So a daily job runs each day once, and one that runs every ten minutes does
 * so every ten minutes.
 *
 * <p>The search walks from one change of the offset to the next, with local times in between.
 */
final class CronSchedule implements Schedule {

    private static final int HORIZON_YEARS = 50;
    private static final Map<String, String> MACROS = Map.of(
            "@yearly", "0 0 0 1 1 *",
            "@annually", "0 0 0 1 1 *",
            "@monthly", "0 0 0 1 * *",
            "@weekly", "0 0 0 * * 0",
            "@daily", "0 0 0 * * *",
            "@midnight", "0 0 0 * * *",
            "@hourly", "0 0 * * * *");

    private final String text;
    private final ZoneId zone;
    private final CronField seconds;
    private final CronField minutes;
    private final CronField hours;
    private final CronDays days;
    private final CronField months;

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException with what is wrong and where
     */
    CronSchedule(String text, ZoneId zone) {
        this.text = text;
        this.zone = zone;
        String[] fields = MACROS.getOrDefault(text.strip(), text).strip().split("\\s+", -1);
        if (fields.length != 6) {
            throw new IllegalArgumentException(
                    "it has %d fields instead of 6: second minute hour day-of-month month day-of-week"
                            .formatted(fields.length));
        }
        seconds = CronField.parse("second", fields[0], List.of(), 0, 59);
        minutes = CronField.parse("minute", fields[1], List.of(), 0, 59);
        hours = CronField.parse("hour", fields[2], List.of(), 0, 23);
        months = CronField.parse("month", fields[4], CronField.MONTHS, 1, 12);
        days = new CronDays(fields[3], fields[5]);
    }

    @Override
    public @Nullable Instant next(Instant after) {
        ZoneRules rules = zone.getRules();
        Instant start = after;
        ZoneOffset offset = rules.getOffset(start);
        LocalDateTime from = afterFirstPass(
                LocalDateTime.ofInstant(start, offset)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .plusSeconds(1),
                offset);
        while (true) {
            LocalDateTime candidate = nextLocal(from);
            if (candidate == null) {
                return null;
            }
            ZoneOffsetTransition change = rules.nextTransition(start);
            if (change == null || candidate.isBefore(change.getDateTimeBefore())) {
                return candidate.toInstant(offset);
            }
            if (candidate.isAfter(change.getDateTimeBefore().plusDays(2))) {
                from = candidate.minusDays(1);
                start = from.toInstant(offset);
                offset = rules.getOffset(start);
                continue;
            }
            if (change.isGap() && candidate.isBefore(change.getDateTimeAfter()) && !hours.all()) {
                return change.getInstant();
            }
            from = change.isGap() || hours.all() ? change.getDateTimeAfter() : change.getDateTimeBefore();
            start = change.getInstant();
            offset = change.getOffsetAfter();
        }
    }

    /** Leaves out what was passed already, if clocks were set back. */
    private LocalDateTime afterFirstPass(LocalDateTime from, ZoneOffset offset) {
        ZoneOffsetTransition change = zone.getRules().getTransition(from);
        boolean secondPass =
                change != null && change.isOverlap() && offset.equals(change.getOffsetAfter()) && !hours.all();
        return secondPass ? change.getDateTimeBefore() : from;
    }

    /** Returns the first local time that matches, not before another. */
    private @Nullable LocalDateTime nextLocal(LocalDateTime from) {
        LocalDate date = from.toLocalDate();
        LocalDate horizon = date.plusYears(HORIZON_YEARS);
        LocalTime time = from.toLocalTime();
        while (date.isBefore(horizon)) {
            if (!months.has(date.getMonthValue())) {
                date = date.withDayOfMonth(1).plusMonths(1);
                time = LocalTime.MIDNIGHT;
                continue;
            }
            LocalTime match = days.match(date) ? nextTime(time) : null;
            if (match != null) {
                return date.atTime(match);
            }
            date = date.plusDays(1);
            time = LocalTime.MIDNIGHT;
        }
        return null;
    }

    private @Nullable LocalTime nextTime(LocalTime from) {
        for (int hour = hours.next(from.getHour()); hour >= 0; hour = hours.next(hour + 1)) {
            boolean sameHour = hour == from.getHour();
            int first = sameHour ? from.getMinute() : 0;
            for (int minute = minutes.next(first); minute >= 0; minute = minutes.next(minute + 1)) {
                boolean sameMinute = sameHour && minute == from.getMinute();
                int second = seconds.next(sameMinute ? from.getSecond() : 0);
                if (second >= 0) {
                    return LocalTime.of(hour, minute, second);
                }
            }
        }
        return null;
    }

    /** Returns the text that says whether two schedules are the same. */
    @Override
    public String toString() {
        return text.strip() + " " + zone;
    }
}
