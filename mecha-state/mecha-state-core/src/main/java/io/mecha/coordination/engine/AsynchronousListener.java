// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.engine;

import io.mecha.coordination.LeaderListener;

/**
 * The work of a leader that also ends on threads of which nobody knows that they work for it.
 *
 * @since 1.0
 */
public interface AsynchronousListener extends LeaderListener {

    /**
     * Tell whether such work has begun and not ended. A yield meanwhile does not wait for the end of the work, for the work itself may be
     * what yields.
     *
     * @return whether there is some
     */
    boolean isAtWorkElsewhere();
}
