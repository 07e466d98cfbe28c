// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.MechaException;
import io.mecha.Thrown;
import java.util.Locale;

/**
 * The failure of a step without which the application does not start. The exit code of the JVM is that of the cause, if it has one.
 */
public final class StartFailedException extends MechaException {

    private static final long serialVersionUID = 1L;

    StartFailedException(StartStep step, int attempts, Throwable cause) {
        super(
                "MECHA-L205",
                "The application does not start, since %s '%s' (%s) failed %s: %s."
                        .formatted(
                                step.kind().name().toLowerCase(Locale.ROOT),
                                step.name(),
                                step.place(),
                                attempts == 1 ? "" : attempts + " times",
                                Thrown.describe(cause)),
                step.kind() == StartStep.Kind.INITIALIZER
                        ? "Mend the cause, or set mecha.lifecycle.start.initializers.%s.on-failure to keep-trying."
                                .formatted(step.name())
                        : "Mend the cause, or set %s.health.start to awaited or optional.".formatted(step.place()),
                cause);
    }
}
