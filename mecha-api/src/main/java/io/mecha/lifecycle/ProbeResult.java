// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The answer of a probe.
 *
 * @param healthy whether all is well
 * @param details facts by name, for those who may see details of health; no secrets
 * @since 1.0
 */
public record ProbeResult(boolean healthy, Map<String, String> details) {

    private static final ProbeResult UP = new ProbeResult(true, Map.of());

    /** Copy the details. */
    public ProbeResult {
        details = Map.copyOf(details);
    }

    /**
     * Say that all is well.
     *
     * @return an answer without details
     */
    public static ProbeResult up() {
        return UP;
    }

    /**
     * Say that something is wrong.
     *
     * @param problem what it is
     * @return an answer with the detail {@code problem}
     */
    public static ProbeResult down(String problem) {
        return new ProbeResult(false, Map.of("problem", problem));
    }

    /**
     * Add a fact.
     *
     * @param name its name
     * @param value what it is
     * @return a changed copy
     */
    public ProbeResult with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(details);
        more.put(name, value);
        return new ProbeResult(healthy, more);
    }
}
