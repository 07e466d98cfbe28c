// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.jdbc;

import io.mecha.VirtualClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * The time of databases that run in this JVM, in place of what they take from the machine's clock.
 *
 * <p>It begins with the machine's clock and goes on by elapsed time, so that setting the clock neither ends nor prolongs what is
 * timed. It never goes back. Where it differs from the clock, because the clock was set or the machine slept, it goes faster or slower by a
 * thousandth until they agree, as NTP slews a clock; a new JVM begins with the clock again. One for all databases of the JVM. Thread-safe.
 */
public final class LocalClock {

    private static final long SLEW = 1_000;
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);
    private static final LocalClock MACHINE = new LocalClock(InstantSource.system(), System::nanoTime);

    private final InstantSource clock;
    private final LongSupplier nanos;
    private final AtomicReference<Anchor> anchor;

    /** What was told last; a thread that was late with its anchor may count less. */
    private final AtomicLong latest = new AtomicLong(Long.MIN_VALUE);

    LocalClock(InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
        this.anchor = new AtomicReference<>(new Anchor(nanos.getAsLong(), micros(clock.instant())));
    }

    /** The time at a moment. */
    private record Anchor(long nanos, long micros) {}

    /**
     * Return the time of databases in this JVM.
     *
     * @param clock the application's clock, which counts only if it is a {@link VirtualClock}
     * @return the time of this JVM, or that of the test
     */
    public static LocalClock of(InstantSource clock) {
        return clock instanceof VirtualClock virtual
                ? new LocalClock(virtual::elapsed, () -> TimeUnit.MICROSECONDS.toNanos(micros(virtual.elapsed())))
                : MACHINE;
    }

    /**
     * Return the time of the databases of this JVM, if a connection is to one of them.
     *
     * @param database what the connection is to
     * @param dataSource where it is from
     * @param connection the connection
     * @param clock the application's clock
     * @return the time; empty if the database has a clock of its own, or others may use it through a server
     * @throws SQLException what the driver reports
     */
    public static Optional<LocalClock> of(
            Database database, DataSource dataSource, Connection connection, InstantSource clock) throws SQLException {
        boolean local = database == Database.SQLITE
                || (database == Database.H2
                        && !isServed(DataSourceUrls.url(dataSource).orElse(""))
                        && !isServed(connection.getMetaData().getURL()));
        return local ? Optional.of(of(clock)) : Optional.empty();
    }

    private static boolean isServed(String h2) {
        String url = h2.toLowerCase(Locale.ROOT);
        return url.contains(":h2:tcp:") || url.contains(":h2:ssl:") || url.contains("auto_server=true");
    }

    /**
     * Return the time.
     *
     * @return milliseconds since 1970
     */
    public long millis() {
        return Math.floorDiv(micros(), 1_000L);
    }

    /**
     * Return the time.
     *
     * @return microseconds since 1970
     */
    public long micros() {
        Anchor last = anchor.get();
        long elapsed = nanos.getAsLong() - last.nanos();
        long now = last.micros() + TimeUnit.NANOSECONDS.toMicros(elapsed);
        if (elapsed > PERIOD) {
            long most = TimeUnit.NANOSECONDS.toMicros(Math.min(elapsed, LONGEST)) / SLEW;
            now += Math.max(-most, Math.min(most, micros(clock.instant()) - now));
            anchor.compareAndSet(last, new Anchor(last.nanos() + elapsed, now));
        }
        return latest.accumulateAndGet(now, Math::max);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
