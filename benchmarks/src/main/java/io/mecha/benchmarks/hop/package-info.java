// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What another process on the way to the same store costs. */
@NullMarked
package io.mecha.benchmarks.hop;

import org.jspecify.annotations.NullMarked;
