// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Messages by the clock. */
@NullMarked
package io.mecha.binding.timer;

import org.jspecify.annotations.NullMarked;
