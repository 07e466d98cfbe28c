// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.state.KeyValueStore;
import io.mecha.state.spi.Leases;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A factory of backends of type {@code timer}, which receive an event whenever it is due.
 *
 * @since 1.0
 */
public final class TimerBindingBackendFactory implements BindingBackendFactory {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Function<String, KeyValueStore<byte[]>> stores;
    private final Function<String, Leases> leases;

    /**
     * Create a factory.
     *
     * @param stores finds the state store by which the nodes of a channel agree, by name
     * @param leases finds the leases of that store, by which one node at a time has a run
     */
    public TimerBindingBackendFactory(Function<String, KeyValueStore<byte[]>> stores, Function<String, Leases> leases) {
        this.stores = Objects.requireNonNull(stores, "stores");
        this.leases = Objects.requireNonNull(leases, "leases");
    }

    @Override
    public String type() {
        return TimerBindingBackend.TYPE;
    }

    @Override
    public BindingBackend create(Settings settings) {
        TimerBindingOptions options = settings.options(TimerBindingOptions.class);
        Schedule schedule = schedule(settings, options);
        String store = options.store();
        return new TimerBindingBackend(
                settings,
                options,
                schedule,
                store == null ? null : stores.apply(store),
                store == null ? null : leases.apply(store));
    }

    private static Schedule schedule(Settings settings, TimerBindingOptions options) {
        Duration delay = options.initialDelay();
        if (delay != null && delay.isNegative()) {
            throw mistake(
                    settings, "MECHA-B154", "initial-delay", "is %s".formatted(delay), "Set a positive duration.");
        }
        String cron = options.cron();
        Duration rate = options.fixedRate();
        if ((cron == null) == (rate == null)) {
            throw mistake(
                    settings,
                    "MECHA-B151",
                    "cron",
                    "sets %s cron and fixed-rate".formatted(cron == null ? "neither" : "both"),
                    "Set one of both.");
        }
        if (rate != null) {
            if (rate.compareTo(SHORTEST) < 0) {
                throw mistake(settings, "MECHA-B154", "fixed-rate", "is %s".formatted(rate), "Set at least 1ms.");
            }
            return new Schedule.FixedRate(rate);
        }
        return cron(settings, Objects.requireNonNull(cron), options.zone());
    }

    private static Schedule cron(Settings settings, String cron, @Nullable String zone) {
        ZoneId id;
        try {
            id = zone == null ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException unknown) {
            throw mistake(
                    settings,
                    "MECHA-B154",
                    "zone",
                    "is '%s', which is no time zone".formatted(zone),
                    "Set a zone such as Europe/Berlin or UTC.");
        }
        CronSchedule schedule;
        try {
            schedule = new CronSchedule(cron, id);
        } catch (IllegalArgumentException wrong) {
            throw mistake(
                    settings,
                    "MECHA-B152",
                    "cron",
                    "has the cron expression '%s', where %s".formatted(cron, wrong.getMessage()),
                    "Write second, minute, hour, day of month, month and day of week, for example '0 30 6 * * MON-FRI'.");
        }
        if (schedule.next(settings.clock().instant()) == null) {
            throw mistake(
                    settings,
                    "MECHA-B153",
                    "cron",
                    "has the cron expression '%s', which never fires".formatted(cron),
                    "Name a day that exists in one of the months.");
        }
        return schedule;
    }

    private static InvalidConfigurationException mistake(
            Settings settings, String code, String option, String problem, String action) {
        String subject = option.equals("cron") ? "" : "'s " + option;
        return new InvalidConfigurationException(List.of(new Mistake(
                code,
                PropertyNames.channel(settings.channel(), "timer." + option),
                "Timer channel '%s'%s %s.".formatted(settings.channel(), subject, problem),
                action)));
    }
}
