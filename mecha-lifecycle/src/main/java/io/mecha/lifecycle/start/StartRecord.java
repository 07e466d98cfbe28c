// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step of the start as it went, for operators.
 *
 * @param name name of the step
 * @param kind what it is
 * @param begin when its first attempt began
 * @param duration how long it took, with all attempts and pauses so far
 * @param outcome how far it is
 * @param attempts how often it was tried
 * @param problem what the last attempt that failed threw: its type, and its message only if it is Mecha's
 */
public record StartRecord(
        String name,
        StartStep.Kind kind,
        Instant begin,
        Duration duration,
        Outcome outcome,
        int attempts,
        @Nullable String problem) {

    /** The progress of a step. */
    public enum Outcome {

        /** It is tried. */
        RUNNING,

        /** It has succeeded. */
        DONE,

        /** It had been done before, in the version that is wanted. */
        DONE_BEFORE,

        /** It has failed, and the start went on or failed. */
        FAILED,

        /** It has failed, and is tried again in the background. */
        RETRYING,

        /** It waits for another step that has failed. */
        BLOCKED
    }
}
