// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import io.mecha.Thrown;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work of this JVM that failed unexpectedly and goes on, for logs and health.
 *
 * <p>The first failure is a warning with the cause in words; those that follow are not told again until the work has done without one
 * for a minute, and the end of that is told, too. Stack traces are for the level DEBUG. Work of the same name is the same work, however
 * many tasks it is made of.
 */
public final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);
    private static final long RECENT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAXIMUM = 256;
    private static final Troubles ALL = new Troubles(System::nanoTime);

    private final Map<String, Trouble> known = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /**
     * @param nanos a clock that nobody sets
     */
    Troubles(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record Trouble(String failure, long at, boolean over) {}

    private boolean recent(Trouble trouble) {
        return nanos.getAsLong() - trouble.at() < RECENT_NANOS;
    }

    /**
     * Return what failed within the last minute.
     *
     * @return the name of each background work to what it threw last, in order of names; a copy
     */
    public static SortedMap<String, String> present() {
        SortedMap<String, String> present = new TreeMap<>();
        ALL.known.forEach((name, trouble) -> {
            if (!trouble.over() && ALL.recent(trouble)) {
                present.put(name, trouble.failure());
            }
        });
        return present;
    }

    /**
     * Tell that background work failed and goes on.
     *
     * @param name what it does, at the beginning of a sentence; one of few
     * @param failure what it threw
     */
    public static void failed(String name, Throwable failure) {
        ALL.tellFailed(name, failure);
    }

    /**
     * Tell that background work succeeded. Costs one look-up if it did not fail before.
     *
     * @param name as it was told with a failure
     */
    public static void over(String name) {
        ALL.tellOver(name);
    }

    void tellFailed(String name, Throwable failure) {
        String described = Thrown.describe(failure);
        Trouble before = known.put(name, new Trouble(described, nanos.getAsLong(), false));
        if (before == null) {
            forgetOldest();
        }
        if (before == null || !recent(before)) {
            LOG.warn("{} failed unexpectedly, and goes on: {}", name, described);
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("{} failed", name, Thrown.loggable(failure));
        }
    }

    /** Keeps what was told in bounds, should names be made up as work goes on. */
    private void forgetOldest() {
        if (known.size() > MAXIMUM) {
            long now = nanos.getAsLong();
            known.entrySet().stream()
                    .max(Comparator.comparingLong(
                            entry -> now - entry.getValue().at()))
                    .ifPresent(oldest -> known.remove(oldest.getKey(), oldest.getValue()));
        }
    }

    void tellOver(String name) {
        Trouble trouble = known.get(name);
        if (trouble == null) {
            return;
        }
        if (!recent(trouble)) {
            if (known.remove(name, trouble)) {
                LOG.info("{} works again", name);
            }
        } else if (!trouble.over()) {
            known.replace(name, trouble, new Trouble(trouble.failure(), trouble.at(), true));
        }
    }
}
