// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Metrics of channels. */
@NullMarked
package io.mecha.binding.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
