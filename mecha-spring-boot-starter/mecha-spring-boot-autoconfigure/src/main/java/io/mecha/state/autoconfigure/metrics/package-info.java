// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Metrics of state stores. */
@NullMarked
package io.mecha.state.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
