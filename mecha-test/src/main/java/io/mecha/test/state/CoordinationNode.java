// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.LeaderElection;

/**
 * Locks and leaders over one backend, as one node of an application has them.
 *
 * @param locks the locks
 * @param elections the elections
 * @param end closes both, and gives everything back; called again, it does nothing
 * @since 1.0
 */
public record CoordinationNode(DistributedLocks locks, LeaderElection elections, Runnable end) {}
