// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Health of a component.
 *
 * @param enabled Whether the component takes part in health.
 * @param readiness Whether the application takes part in traffic only while the component answers.
 * @param start Whether the start of the application needs an answer of the component.
 * @since 1.0
 */
public record HealthOptions(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean readiness,
        @DefaultValue("optional") Start start) {

    /** What applies where nothing is set. */
    public static final HealthOptions DEFAULTS = new HealthOptions(true, false, Start.OPTIONAL);

    /** The need of the start of an application for an answer of a component. */
    public enum Start {

        /** It is asked, so that its connections are open, and the start goes on whatever the answer. */
        OPTIONAL,

        /** The application starts, and receives and is ready only once it has answered. */
        AWAITED,

        /** The application does not start without an answer. */
        REQUIRED
    }
}
