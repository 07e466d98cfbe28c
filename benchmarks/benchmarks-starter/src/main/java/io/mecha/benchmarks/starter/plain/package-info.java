// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** An application with Actuator that knows nothing of Mecha. */
@NullMarked
package io.mecha.benchmarks.starter.plain;

import org.jspecify.annotations.NullMarked;
