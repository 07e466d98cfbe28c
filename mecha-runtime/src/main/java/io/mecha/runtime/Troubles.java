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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background work of this JVM that failed unexpectedly and goes on, for logs and health.
 *
 * <p>The first failure is a warning with its stack trace; those that follow are not told again until the work has done without one for a
 * minute, and then without a stack trace. Work of the same name is the same work, however many tasks it is made of.
 */
public final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);
    private static final long RECENT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int MAXIMUM = 256;
    private static final Map<String, Trouble> KNOWN = new ConcurrentHashMap<>();

    private Troubles() {}

    private record Trouble(String failure, long at, boolean over) {

        long age() {
            return System.nanoTime() - at;
        }

        boolean recent() {
            return age() < RECENT_NANOS;
        }
    }

    /**
     * Return what failed within the last minute.
     *
     * @return the name of each background work to what it threw last, in order of names; a copy
     */
    public static SortedMap<String, String> present() {
        SortedMap<String, String> present = new TreeMap<>();
        KNOWN.forEach((name, trouble) -> {
            if (!trouble.over() && trouble.recent()) {
                present.put(name, trouble.failure());
            }
        });
        return present;
    }

    static void failed(String name, Throwable failure) {
        String described = Thrown.describe(failure);
        Trouble before = KNOWN.put(name, new Trouble(described, System.nanoTime(), false));
        if (before == null) {
            forgetOldest();
            LOG.warn("{} failed unexpectedly, and goes on", name, Thrown.loggable(failure));
            return;
        }
        if (!before.recent()) {
            LOG.warn("{} failed unexpectedly, and goes on: {}", name, described);
        }
        if (LOG.isDebugEnabled()) {
            LOG.debug("{} failed again", name, Thrown.loggable(failure));
        }
    }

    /** Keeps what was told in bounds, should names be made up as work goes on. */
    private static void forgetOldest() {
        if (KNOWN.size() > MAXIMUM) {
            KNOWN.entrySet().stream()
                    .max(Comparator.comparingLong(known -> known.getValue().age()))
                    .ifPresent(oldest -> KNOWN.remove(oldest.getKey(), oldest.getValue()));
        }
    }

    static void over(String name) {
        Trouble known = KNOWN.get(name);
        if (known != null && !known.over()) {
            KNOWN.replace(name, known, new Trouble(known.failure(), known.at(), true));
        }
    }
}
