// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The days that a cron expression allows.
 *
 * <p>Beside numbers, the day of the month may be {@code L} (the last), {@code L-3} (three days before it), {@code 15W} (the
 * weekday nearest to the 15th in the month) or {@code LW} (the last weekday); the day of the week may be {@code FRIL} (the
 * last Friday of the month) or {@code FRI#2} (the second).
 */
final class CronDays {

    private static final Pattern LAST = Pattern.compile("L(?:-(\\d{1,2}))?");
    private static final Pattern NEAREST = Pattern.compile("(L|\\d{1,2})W");
    private static final Pattern IN_MONTH = Pattern.compile("([0-7])(?:L|#([1-5]))");

    private final List<Predicate<LocalDate>> ofMonth = new ArrayList<>();
    private final List<Predicate<LocalDate>> ofWeek = new ArrayList<>();

    CronDays(String daysOfMonth, String daysOfWeek) {
        for (String part : daysOfMonth.toUpperCase(Locale.ROOT).split(",", -1)) {
            ofMonth.add(dayOfMonth(part));
        }
        for (String part : daysOfWeek.split(",", -1)) {
            ofWeek.add(dayOfWeek(part));
        }
    }

    boolean match(LocalDate date) {
        return ofMonth.stream().anyMatch((day) -> day.test(date))
                && ofWeek.stream().anyMatch((day) -> day.test(date));
    }

    private static Predicate<LocalDate> dayOfMonth(String part) {
        Matcher last = LAST.matcher(part);
        if (last.matches()) {
            int before = last.group(1) == null ? 0 : Integer.parseInt(last.group(1));
            return (date) -> date.getDayOfMonth() == date.lengthOfMonth() - before;
        }
        Matcher nearest = NEAREST.matcher(part);
        if (nearest.matches()) {
            String day = nearest.group(1);
            if (!day.equals("L")) {
                CronField.parse("day of month", day, List.of(), 1, 31);
            }
            return (date) -> date.equals(nearestWeekday(
                    YearMonth.from(date), day.equals("L") ? date.lengthOfMonth() : Integer.parseInt(day)));
        }
        CronField field = CronField.parse("day of month", part, List.of(), 1, 31);
        return (date) -> field.has(date.getDayOfMonth());
    }

    /** Moves a day of the weekend to the nearest weekday of the same month; the day itself if the month does not have it. */
    private static LocalDate nearestWeekday(YearMonth month, int day) {
        if (!month.isValidDay(day)) {
            return LocalDate.MIN;
        }
        LocalDate date = month.atDay(day);
        if (date.getDayOfWeek() == DayOfWeek.SATURDAY) {
            return day == 1 ? date.plusDays(2) : date.minusDays(1);
        }
        if (date.getDayOfWeek() == DayOfWeek.SUNDAY) {
            return day == month.lengthOfMonth() ? date.minusDays(2) : date.plusDays(1);
        }
        return date;
    }

    private static Predicate<LocalDate> dayOfWeek(String part) {
        Matcher inMonth = IN_MONTH.matcher(CronField.numbers(part, CronField.DAYS));
        if (inMonth.matches()) {
            int day = Integer.parseInt(inMonth.group(1)) % 7;
            String week = inMonth.group(2);
            return (date) -> number(date) == day
                    && (week == null
                            ? date.getDayOfMonth() > date.lengthOfMonth() - 7
                            : (date.getDayOfMonth() - 1) / 7 + 1 == Integer.parseInt(week));
        }
        CronField field = CronField.parseDayOfWeek(part);
        return (date) -> field.has(number(date)) || (number(date) == 0 && field.has(7));
    }

    private static int number(LocalDate date) {
        return date.getDayOfWeek().getValue() % 7;
    }
}
