// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** How values become bytes and bytes become values, for state and messages alike. */
@NullMarked
package io.mecha.codec;

import org.jspecify.annotations.NullMarked;
