// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What the benchmarks store. */
@NullMarked
package io.mecha.benchmarks.workload;

import org.jspecify.annotations.NullMarked;
