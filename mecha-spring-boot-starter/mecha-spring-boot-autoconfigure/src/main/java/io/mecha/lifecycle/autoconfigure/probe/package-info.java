// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.

/** Wiring of probes: {@code @Probe} methods and components, in the health groups of liveness, readiness and startup. */
@NullMarked
package io.mecha.lifecycle.autoconfigure.probe;

import org.jspecify.annotations.NullMarked;
