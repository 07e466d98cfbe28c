// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How long and how often things are measured.
 *
 * @param rounds how often each case is measured
 * @param time how long each case is measured in a round
 * @param warmUp how long each case runs before the first round
 * @param only comparisons to make, by a part of their title
 */
public record Pace(int rounds, Duration time, Duration warmUp, Pattern only) {

    private static final int ROUNDS = 7;
    private static final double MILLIS_PER_SECOND = 1_000;

    /**
     * Read options.
     *
     * @param arguments {@code rounds=7}, {@code seconds=2}, {@code warm-up=3} (seconds) and {@code only=regular
     *     expression}, each of which may be absent
     */
    public static Pace of(String... arguments) {
        Pace pace = new Pace(ROUNDS, Duration.ofSeconds(2), Duration.ofSeconds(3), Pattern.compile(""));
        for (String argument : arguments) {
            pace = pace.with(argument);
        }
        return pace;
    }

    private Pace with(String argument) {
        String[] parts = argument.split("=", 2);
        String value = parts.length == 2 ? parts[1] : "";
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "rounds" -> new Pace(Integer.parseInt(value), time, warmUp, only);
            case "seconds" -> new Pace(rounds, seconds(value), warmUp, only);
            case "warm-up" -> new Pace(rounds, time, seconds(value), only);
            case "only" -> new Pace(rounds, time, warmUp, Pattern.compile(value));
            default -> throw new IllegalArgumentException("Not rounds=, seconds=, warm-up= or only=: " + argument);
        };
    }

    private static Duration seconds(String value) {
        return Duration.ofMillis((long) (Double.parseDouble(value) * MILLIS_PER_SECOND));
    }
}
