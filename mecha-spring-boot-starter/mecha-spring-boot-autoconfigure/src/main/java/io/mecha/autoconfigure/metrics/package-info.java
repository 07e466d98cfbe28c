// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** The choice between observations and meters, the same for all primitives; internal. */
@NullMarked
package io.mecha.autoconfigure.metrics;

import org.jspecify.annotations.NullMarked;
