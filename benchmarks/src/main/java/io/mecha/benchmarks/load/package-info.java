// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** How operations are repeated by many threads, measured and compared. */
@NullMarked
package io.mecha.benchmarks.load;

import org.jspecify.annotations.NullMarked;
