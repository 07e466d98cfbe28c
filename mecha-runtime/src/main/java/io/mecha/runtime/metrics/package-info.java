// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Meters and observations of calls, and the only package here that knows Micrometer; internal. */
@NullMarked
package io.mecha.runtime.metrics;

import org.jspecify.annotations.NullMarked;
