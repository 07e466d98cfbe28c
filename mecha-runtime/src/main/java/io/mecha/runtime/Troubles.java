// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.runtime;

import io.mecha.Thrown;
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
 * <p>The first failure is a warning; those that follow are not told again until the work has done without one for a minute.
 */
public final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);
    private static final long RECENT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Map<Object, Trouble> PRESENT = new ConcurrentHashMap<>();

    private Troubles() {}

    private record Trouble(String name, String failure, long at) {

        boolean recent() {
            return System.nanoTime() - at < RECENT_NANOS;
        }
    }

    /**
     * Return what failed within the last minute.
     *
     * @return the name of each background work to what it threw last, in order of names; a copy
     */
    public static SortedMap<String, String> present() {
        SortedMap<String, String> present = new TreeMap<>();
        PRESENT.values().removeIf(trouble -> !trouble.recent());
        PRESENT.values().forEach(trouble -> present.put(trouble.name(), trouble.failure()));
        return present;
    }

    static void failed(Object work, String name, Throwable failure) {
        Trouble before = PRESENT.put(work, new Trouble(name, Thrown.describe(failure), System.nanoTime()));
        if (before == null || !before.recent()) {
            LOG.warn("{} failed unexpectedly, and goes on", name, Thrown.loggable(failure));
        } else {
            LOG.debug("{} failed again", name, Thrown.loggable(failure));
        }
    }

    static void over(Object work) {
        PRESENT.remove(work);
    }
}
