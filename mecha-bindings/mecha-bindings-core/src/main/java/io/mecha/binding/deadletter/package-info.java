// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** Dead letters: their format, and their way back. */
@NullMarked
package io.mecha.binding.deadletter;

import org.jspecify.annotations.NullMarked;
