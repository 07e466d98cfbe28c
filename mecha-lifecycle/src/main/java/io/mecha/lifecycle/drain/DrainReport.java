// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.drain;

import java.time.Duration;
import java.util.List;

/**
 * A drain as it stands, or as it ended.
 *
 * @param status how far it is
 * @param budget longest time for all of it
 * @param spent how long it has taken; zero if it has not begun
 * @param unfinished work in progress, once the drain is over the work that was cut; a few words for each
 */
public record DrainReport(DrainStatus status, Duration budget, Duration spent, List<String> unfinished) {

    public DrainReport {
        unfinished = List.copyOf(unfinished);
    }
}
