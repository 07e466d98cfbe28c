// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Locks for ShedLock's {@code @SchedulerLock}, without a lock table of its own. */
@NullMarked
package io.mecha.coordination.autoconfigure.shedlock;

import org.jspecify.annotations.NullMarked;
