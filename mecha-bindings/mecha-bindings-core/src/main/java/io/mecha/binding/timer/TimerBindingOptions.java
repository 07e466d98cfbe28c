// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Options of channels that fire by the clock.
 *
 * @param cron Cron expression of six fields (second, minute, hour, day of month, month, day of week), or {@code @yearly}, {@code
 *     @monthly}, {@code @weekly}, {@code @daily}, {@code @hourly}.
 * @param zone Time zone of the cron expression, for example {@code Europe/Berlin}; the zone of the JVM unless set.
 * @param fixedRate Time from one run to the next, instead of a cron expression.
 * @param initialDelay Time after the start during which nothing fires.
 * @param data Data of the events; none unless set.
 * @param dataContentType Media type of the data; {@code text/plain} unless set.
 * @param store State store through which the nodes of an application agree which of them fires; each node fires unless set.
 * @param overlap Whether a run is handed out while an earlier one is not finished, so that {@code in.concurrency} decides.
 * @since 1.0
 */
public record TimerBindingOptions(
        @Nullable String cron,
        @Nullable String zone,
        @Nullable Duration fixedRate,
        @Nullable Duration initialDelay,
        @Nullable String data,
        @Nullable String dataContentType,
        @Nullable String store,
        boolean overlap) {}
