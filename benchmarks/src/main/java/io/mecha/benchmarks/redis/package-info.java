// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What Mecha costs over plain Lettuce. */
@NullMarked
package io.mecha.benchmarks.redis;

import org.jspecify.annotations.NullMarked;
