// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Where benchmarks start. */
@NullMarked
package io.mecha.benchmarks;

import org.jspecify.annotations.NullMarked;
