// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

/**
 * A reason to stop leading.
 *
 * @since 1.0
 */
public enum StepDownReason {

    /** {@link Candidacy#yieldLeadership} was called: another candidate gets it, this one keeps standing. */
    YIELDED,

    /** The candidacy was closed or withdrawn, for example because the application ends. */
    WITHDRAWN,

    /** The backend was not reached, and the lease ends soon. */
    UNREACHABLE,

    /** The lease is over, and another node may lead already. */
    LOST
}
