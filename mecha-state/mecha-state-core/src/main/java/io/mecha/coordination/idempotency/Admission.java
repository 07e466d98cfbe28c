// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.idempotency;

import java.time.Duration;

/**
 * The answer to the question whether a call may run.
 *
 * @since 1.0
 */
public sealed interface Admission {

    /**
     * The call is the first one, and runs now.
     *
     * @param execution what is to be told how it ends; to be closed in any case
     */
    record Run(Execution execution) implements Admission {}

    /**
     * The call was done before.
     *
     * @param result what was kept; do not change it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
    record Replay(byte[] result) implements Admission {}

    /**
     * Another one runs with the key.
     *
     * @param remaining how long its lease lasts, unless it is renewed
     */
    record Running(Duration remaining) implements Admission {}

    /** The call was done before, and its result is lost. */
    record Lost() implements Admission {}

    /** The key belongs to another call, one with another fingerprint. */
    record Mismatch() implements Admission {}
}
