// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Filters over events, compiled once. */
@NullMarked
package io.mecha.binding.filter;

import org.jspecify.annotations.NullMarked;
