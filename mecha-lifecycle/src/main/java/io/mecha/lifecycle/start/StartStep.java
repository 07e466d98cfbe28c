// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.start;

import io.mecha.RetryPolicy;
import java.time.Duration;
import java.util.List;

/**
 * Something that is done while an application starts.
 *
 * @param name unique among the steps of its kind
 * @param kind what it is
 * @param place where it comes from, for messages
 * @param after names of steps of the same kind that must have succeeded before
 * @param timeout how long an attempt may take; positive
 * @param retry how often, and after which pauses, it is tried
 * @param onFailure what happens when it has failed for good
 * @param guard decides whether it needs to be done
 * @param action does it; may block, and is interrupted when it takes too long
 */
public record StartStep(
        String name,
        Kind kind,
        String place,
        List<String> after,
        Duration timeout,
        RetryPolicy retry,
        OnFailure onFailure,
        StartGuard guard,
        StartAction action) {

    public StartStep {
        after = List.copyOf(after);
        retry = retry.orElse(RetryPolicy.DEFAULT);
    }

    /** The kind of a step. */
    public enum Kind {

        /** Asks a component for a sign of life, which opens its connections; all of them at once, before all initializers. */
        CONNECTION,

        /** An initializer of the application. */
        INITIALIZER
    }

    /** The reaction to a step that has failed for good. */
    public enum OnFailure {

        /** The start fails. */
        STOP,

        /** The gate stays closed, and the step is tried again in the background. */
        KEEP_TRYING,

        /** The start goes on without it. */
        GO_ON
    }
}
