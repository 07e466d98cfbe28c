// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTests {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            * * * * * *            | 2026-01-01T00:00:00 | 2026-01-01T00:00:01
            0 * * * * *            | 2026-01-01T00:00:00 | 2026-01-01T00:01:00
            15 10 * * * *          | 2026-01-01T00:10:15 | 2026-01-01T01:10:15
            0/20 * * * * *         | 2026-01-01T00:00:41 | 2026-01-01T00:01:00
            5-7 * * * * *          | 2026-01-01T00:00:07 | 2026-01-01T00:01:05
            0 0 8-18/5 * * *       | 2026-01-01T08:00:00 | 2026-01-01T13:00:00
            0 0 8-18/5 * * *       | 2026-01-01T18:00:00 | 2026-01-02T08:00:00
            0 0,30 12 * * ?        | 2026-01-01T12:00:00 | 2026-01-01T12:30:00
            59 59 23 31 12 *       | 2026-01-01T00:00:00 | 2026-12-31T23:59:59
            0 0 0 29 2 *           | 2026-01-01T00:00:00 | 2028-02-29T00:00:00
            0 0 0 29 2 *           | 2096-03-01T00:00:00 | 2104-02-29T00:00:00
            0 0 0 * * MON          | 2026-01-01T00:00:00 | 2026-01-05T00:00:00
            0 0 0 * * mon-fri      | 2026-01-02T00:00:00 | 2026-01-05T00:00:00
            0 0 0 * * 0            | 2026-01-01T00:00:00 | 2026-01-04T00:00:00
            0 0 0 * * 7            | 2026-01-01T00:00:00 | 2026-01-04T00:00:00
            0 0 0 * * 5-7          | 2026-01-03T00:00:00 | 2026-01-04T00:00:00
            0 0 0 * * FRI-SUN      | 2026-01-04T00:00:00 | 2026-01-09T00:00:00
            0 0 0 * * FRI-SUN      | 2026-01-03T00:00:00 | 2026-01-04T00:00:00
            0 0 0 * * MON-SUN      | 2026-01-03T00:00:00 | 2026-01-04T00:00:00
            0 0 0 * * SUN-TUE      | 2026-01-03T00:00:00 | 2026-01-04T00:00:00
            0 0 0 * * SUN-TUE      | 2026-01-06T00:00:00 | 2026-01-11T00:00:00
            0 0 0 * * 7-2          | 2026-01-06T00:00:00 | 2026-01-11T00:00:00
            0 0 0 * * 0-5          | 2026-01-02T00:00:00 | 2026-01-04T00:00:00
            0 0 0 * * */2          | 2026-01-02T00:00:00 | 2026-01-04T00:00:00
            0 0 0 * * */2          | 2026-01-04T00:00:00 | 2026-01-05T00:00:00
            0 0 0 * * */2          | 2026-01-05T00:00:00 | 2026-01-07T00:00:00
            0 0 0 * * 0/2          | 2026-01-04T00:00:00 | 2026-01-06T00:00:00
            0 0 0 * * SUNL         | 2026-01-01T00:00:00 | 2026-01-25T00:00:00
            0 0 0 * * SUN#1        | 2026-01-01T00:00:00 | 2026-01-04T00:00:00
            0 0 0 13 * FRI         | 2026-01-01T00:00:00 | 2026-02-13T00:00:00
            0 0 0 1 JAN,JUL *      | 2026-01-01T00:00:00 | 2026-07-01T00:00:00
            0 0 0 L * *            | 2026-02-01T00:00:00 | 2026-02-28T00:00:00
            0 0 0 L-3 * *          | 2026-02-01T00:00:00 | 2026-02-25T00:00:00
            0 0 0 LW * *           | 2026-02-01T00:00:00 | 2026-02-27T00:00:00
            0 0 0 15W * *          | 2026-02-01T00:00:00 | 2026-02-16T00:00:00
            0 0 0 1W * *           | 2026-02-01T00:00:00 | 2026-02-02T00:00:00
            0 0 0 31W * *          | 2026-02-01T00:00:00 | 2026-03-31T00:00:00
            0 0 0 * * FRIL         | 2026-01-01T00:00:00 | 2026-01-30T00:00:00
            0 0 0 * * FRI#2        | 2026-01-01T00:00:00 | 2026-01-09T00:00:00
            0 0 0 * * MON#5        | 2026-01-01T00:00:00 | 2026-03-30T00:00:00
            @hourly                | 2026-01-01T00:00:00 | 2026-01-01T01:00:00
            @daily                 | 2026-01-01T00:00:00 | 2026-01-02T00:00:00
            @weekly                | 2026-01-01T00:00:00 | 2026-01-04T00:00:00
            @monthly               | 2026-01-01T00:00:00 | 2026-02-01T00:00:00
            @yearly                | 2026-01-01T00:00:00 | 2027-01-01T00:00:00
            """)
    void findsTheNextTime(String cron, LocalDateTime after, LocalDateTime expected) {
        CronSchedule schedule = new CronSchedule(cron, ZoneOffset.UTC);

        assertThat(schedule.next(after.toInstant(ZoneOffset.UTC))).isEqualTo(expected.toInstant(ZoneOffset.UTC));
    }

    @Test
    void firesOnceWhereClocksAreSetForward() {
        assertThat(times("0 30 2 * * *", "2026-03-28T00:00:00+01:00", 3))
                .containsExactly("2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00");
        assertThat(times("0 0/30 * * * *", "2026-03-29T01:15:00+01:00", 3))
                .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00");
        assertThat(times("0 30 1,3 * * *", "2026-03-29T00:00:00+01:00", 2))
                .containsExactly("2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 30 * * * *   | 2027-03-28T00:45:00+01:00 | 01:30 03:30 04:30 05:30
            0 5/10 * * * * | 2027-03-28T01:40:00+01:00 | 01:45 01:55 03:05 03:15
            30 * * * * *   | 2027-03-28T01:58:00+01:00 | 01:58:30 01:59:30 03:00:30 03:01:30
            0 */10 * * * * | 2027-03-28T01:45:00+01:00 | 01:50 03:00 03:10 03:20
            """)
    void firesNoMoreThanUsualAtTheEndOfAGapInEveryHour(String cron, String after, String expected) {
        assertThat(times(cron, after, 4).stream()
                        .map(time -> OffsetDateTime.parse(time).toLocalTime().toString())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    @Test
    void firesADailyJobOnceWhereClocksAreSetBack() {
        assertThat(times("0 30 2 * * *", "2026-10-24T12:00:00+02:00", 2))
                .containsExactly("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00");
        assertThat(times("0 30 2 * * *", "2026-10-25T02:15:00+01:00", 1)).containsExactly("2026-10-26T02:30+01:00");
    }

    @Test
    void goesOnEveryHourWhereClocksAreSetBack() {
        assertThat(times("0 30 * * * *", "2026-10-25T01:00:00+02:00", 4))
                .containsExactly(
                        "2026-10-25T01:30+02:00",
                        "2026-10-25T02:30+02:00",
                        "2026-10-25T02:30+01:00",
                        "2026-10-25T03:30+01:00");
    }

    @Test
    void countsWhatWasMissedAsOne() {
        CronSchedule schedule = new CronSchedule("0 * * * * *", ZoneOffset.UTC);
        Instant start = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(schedule.latest(start, start.plusSeconds(59))).isNull();
        assertThat(schedule.latest(start, start.plusSeconds(60))).isEqualTo(start.plusSeconds(60));
        assertThat(schedule.latest(start, start.plusSeconds(100_000_030)))
                .isEqualTo(start.plusSeconds(100_000_030 / 60 * 60));
        assertThat(new CronSchedule("0 0 0 1 1 *", ZoneOffset.UTC).latest(start, start.plusSeconds(100_000_000)))
                .isEqualTo("2029-01-01T00:00:00Z");
    }

    @Test
    void neverFiresOnADayThatDoesNotExist() {
        assertThat(new CronSchedule("0 0 0 30 2 *", ZoneOffset.UTC).next(Instant.EPOCH))
                .isNull();
        assertThat(new CronSchedule("0 0 0 31 4,6,9,11 *", BERLIN).next(Instant.EPOCH))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * * *",
                "* * * * * * *",
                "60 * * * * *",
                "* 60 * * * *",
                "* * 24 * * *",
                "* * * 0 * *",
                "* * * 32 * *",
                "* * * * 13 *",
                "* * * * * 8",
                "5-1 * * * * *",
                "*/0 * * * * *",
                "1,, * * * * *",
                "x * * * * *",
                "-1 * * * * *",
                "* * * * FOO *",
                "* * * 32W * *",
                "* * * * * FRI-MON",
                "* * * * * 8",
                "* * * * * 0-8",
                "@never",
            })
    void refusesWhatIsNoExpression(String cron) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CronSchedule(cron, ZoneOffset.UTC));
    }

    @Test
    void saysWhichPartIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CronSchedule("0 0 25 * * *", ZoneOffset.UTC))
                .withMessage("the hour '25' is not within 0 to 23");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CronSchedule("0 0 8 * * MON,Sat-Wed", ZoneOffset.UTC))
                .withMessage("the day of week 'Sat-Wed' ends before it begins");
    }

    private static List<String> times(String cron, String after, int count) {
        CronSchedule schedule = new CronSchedule(cron, BERLIN);
        List<String> times = new ArrayList<>();
        Instant instant = ZonedDateTime.parse(after).toInstant();
        for (int i = 0; i < count; i++) {
            instant = Objects.requireNonNull(schedule.next(instant));
            times.add(instant.atZone(BERLIN).toOffsetDateTime().toString());
        }
        return times;
    }
}
