// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Locks for Spring Integration: aggregators, resequencers, leader initiators and idempotent receivers across nodes. */
@NullMarked
package io.mecha.coordination.autoconfigure.integration;

import org.jspecify.annotations.NullMarked;
