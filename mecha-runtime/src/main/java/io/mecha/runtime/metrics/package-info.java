// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Meters of calls without an observation around each; internal. */
@NullMarked
package io.mecha.runtime.metrics;

import org.jspecify.annotations.NullMarked;
