// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Metrics of the lifecycle. */
@NullMarked
package io.mecha.lifecycle.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
